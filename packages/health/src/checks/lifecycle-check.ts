import type { Lifecycle } from "@tasker-observability/core";
import { objectLike, parseOptions } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { checkOptions, type InstantCheck, readinessProbes } from "./check.js";

const lifecycleCheckOptions = z.strictObject({
  /** The state of the worker. */
  lifecycle: objectLike<Lifecycle>({ name: "a Lifecycle", methods: ["current"] }),
  ...checkOptions.shape,
});
/** Options of {@link createLifecycleCheck}. */
export type LifecycleCheckOptions = z.input<typeof lifecycleCheckOptions>;

/** Healthy while the worker runs. Never cached, so that a draining worker is unready immediately. */
export function createLifecycleCheck(options: LifecycleCheckOptions): InstantCheck {
  const { lifecycle, criticality = "required" } = parseOptions(
    "createLifecycleCheck",
    lifecycleCheckOptions,
    options,
  );
  return {
    name: "lifecycle",
    criticality,
    probes: readinessProbes,
    cached: false,
    run() {
      const state = lifecycle.current();
      return { status: state === "running" ? "healthy" : "unhealthy", message: state };
    },
  };
}
