import { type CircuitBreakers, portAnswers } from "@tasker-observability/core";
import { objectLike, parseOptions } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { checkOptions, type CheckResult, detailedProbe, type SharedCheck } from "./check.js";

const circuitBreakersCheckOptions = z.strictObject({
  /** The breakers of the worker and of its application. */
  circuitBreakers: objectLike<CircuitBreakers>({ name: "CircuitBreakers", methods: ["states"] }),
  ...checkOptions.shape,
});
/** Options of {@link createCircuitBreakersCheck}. */
export type CircuitBreakersCheckOptions = z.input<typeof circuitBreakersCheckOptions>;

/** Reads the states of the breakers: one that is not closed degrades, all of them open are unhealthy. */
export function createCircuitBreakersCheck(options: CircuitBreakersCheckOptions): SharedCheck {
  const { circuitBreakers, criticality = "optional" } = parseOptions(
    "createCircuitBreakersCheck",
    circuitBreakersCheckOptions,
    options,
  );
  return {
    name: "circuit_breakers",
    criticality,
    probes: detailedProbe,
    cached: true,
    run: () => evaluate(portAnswers.breakers(circuitBreakers)),
  };
}

function evaluate(breakers: ReturnType<CircuitBreakers["states"]>): CheckResult {
  const open = breakers.filter(({ state }) => state === "open").map(({ name }) => name);
  const halfOpen = breakers.filter(({ state }) => state === "half_open").map(({ name }) => name);
  if (open.length + halfOpen.length === 0)
    return {
      status: "healthy",
      message: breakers.length === 0 ? "no breakers" : `${breakers.length} closed`,
    };
  const message = [format("open", open), format("half open", halfOpen)]
    .filter((part) => part !== "")
    .join("; ");
  return { status: open.length === breakers.length ? "unhealthy" : "degraded", message };
}

function format(state: string, names: readonly string[]): string {
  return names.length === 0 ? "" : `${state}: ${names.join(", ")}`;
}
