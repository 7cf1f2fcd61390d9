import type { WorkerContext } from "@tasker-observability/core";
import { type CheckOptions, type InstantCheck, readinessProbes } from "./check.js";

/** Options of {@link createLifecycleCheck}. */
export interface LifecycleCheckOptions extends CheckOptions {
  readonly lifecycle: WorkerContext["lifecycle"];
}

/** Healthy while the worker runs. Never cached, so that a draining worker is unready immediately. */
export function createLifecycleCheck({
  lifecycle,
  criticality = "required",
}: LifecycleCheckOptions): InstantCheck {
  return {
    name: "lifecycle",
    criticality,
    probes: readinessProbes,
    cached: false,
    run() {
      const state = lifecycle.current();
      return state === "running" ? { status: "healthy" } : { status: "unhealthy", message: state };
    },
  };
}
