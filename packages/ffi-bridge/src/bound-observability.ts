import { ObservabilityError } from "@tasker-observability/core";
import { notRunning } from "./facade.js";
import { createFacadeMethods } from "./facade-methods.js";
import type { ObservabilityMethods, ProbeMethods } from "./observability.js";

// A registered symbol on the global object: the ESM and the CJS copy of this package speak to the same worker.
const key = Symbol.for("@tasker-observability/Observability");
const holder = globalThis as { [key]?: ProbeMethods | undefined };

/**
 * Makes {@link Observability} speak to this facade from now on, in every copy of the package.
 *
 * @returns a function that ends it, unless another one was bound meanwhile.
 */
export function bindObservability(observability: ProbeMethods): () => void {
  holder[key] = observability;
  return () => {
    if (holder[key] === observability) holder[key] = undefined;
  };
}

/**
 * Speaks to the worker that {@link bindObservability} was last given, from anywhere in the process. Before that its
 * methods reject with WORKER_NOT_RUNNING, and `ready()` and `alive()` resolve to false.
 *
 * @example
 * import { Observability } from "@tasker-observability/ffi-bridge";
 * await Observability.healthReady();
 */
export const Observability: ObservabilityMethods = createForwards();

function createForwards(): ObservabilityMethods {
  const names = Object.keys(createFacadeMethods(() => Promise.reject(notRunning())));
  const forwards = Object.fromEntries(names.map((name) => [name, (params?: unknown) => forward(name, params)]));
  return Object.freeze(forwards) as unknown as ObservabilityMethods;
}

async function forward(name: string, params: unknown): Promise<unknown> {
  const bound = holder[key];
  if (bound === undefined) {
    if (name === "ready" || name === "alive") return false;
    throw notRunning();
  }
  const method = (bound as unknown as Readonly<Record<string, unknown>>)[name];
  if (typeof method !== "function") throw new ObservabilityError("SERVICE_NOT_INSTALLED", `Web state not available: the bound facade has no ${name}.`);
  return (method as (params: unknown) => unknown).call(bound, params);
}
