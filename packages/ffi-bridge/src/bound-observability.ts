import { notInstalled, notRunning, ObservabilityError } from "@tasker-observability/core";
import { createFacadeMethods } from "./facade-methods.js";
import type { ObservabilityMethods, ProbeMethods } from "./observability-methods.js";
import { canAnswer } from "./service-shape.js";

// A registered symbol on the global object: the ESM and the CJS copy of this package use the same worker.
const key = Symbol.for("@tasker-observability/Observability");
/** Marks every copy's {@link Observability}, which must not be bound to itself: it would call itself forever. */
const forwarder = Symbol.for("@tasker-observability/Observability.forwarder");
const registry = globalThis as { [key]?: Binding | undefined };

/** One call of {@link bindObservability}: the same facade may be bound twice. */
interface Binding {
  readonly observability: ProbeMethods;
}

/**
 * Makes {@link Observability} use this facade from now on, in every copy of the package.
 *
 * @returns a function that ends the binding, unless another facade was bound meanwhile.
 * @throws ObservabilityError INVALID_PARAMS for a value that is not a facade, and for Observability itself.
 */
export function bindObservability(observability: ProbeMethods): () => void {
  if (!isFacade(observability))
    throw new ObservabilityError(
      "INVALID_PARAMS",
      "bindObservability takes a facade, with the methods ready and alive.",
    );
  if (isForwarder(observability))
    throw new ObservabilityError(
      "INVALID_PARAMS",
      "bindObservability takes the facade that Observability forwards to, not Observability itself.",
    );
  const binding: Binding = { observability };
  registry[key] = binding;
  return () => {
    if (registry[key] === binding) registry[key] = undefined;
  };
}

/**
 * The facade that was last bound by {@link bindObservability}, for use from anywhere in the process. Before a binding,
 * its methods reject with WORKER_NOT_RUNNING, and `ready()` and `alive()` resolve to false.
 *
 * @example
 * import { Observability } from "@tasker-observability/ffi-bridge";
 * await Observability.healthReady();
 */
export const Observability: ObservabilityMethods = createForwards();

function isFacade(value: unknown): boolean {
  try {
    return canAnswer<ProbeMethods>(value, "ready") && canAnswer<ProbeMethods>(value, "alive");
  } catch {
    return false;
  }
}

function isForwarder(facade: object): boolean {
  return (facade as Readonly<Record<symbol, unknown>>)[forwarder] === true;
}

function createForwards(): ObservabilityMethods {
  const names = Object.keys(createFacadeMethods(() => Promise.reject(notRunning())));
  const forwards = Object.fromEntries(
    names.map((name) => [name, (...args: readonly unknown[]) => forward(name, args)]),
  );
  const methods = { ...forwards, ready: () => probe("ready"), alive: () => probe("alive") };
  return Object.freeze(
    Object.defineProperty(methods, forwarder, { value: true }),
  ) as unknown as ObservabilityMethods;
}

async function probe(name: keyof ProbeMethods): Promise<boolean> {
  try {
    return (await registry[key]?.observability[name]()) === true;
  } catch {
    return false;
  }
}

/** Converts what the bound facade throws: it may be an application's own object. */
async function forward(name: string, args: readonly unknown[]): Promise<unknown> {
  const bound = registry[key]?.observability;
  if (bound === undefined) throw notRunning();
  try {
    return await callMethod(bound, name, args);
  } catch (error) {
    throw ObservabilityError.from(error);
  }
}

function callMethod(bound: ProbeMethods, name: string, args: readonly unknown[]): unknown {
  const method = (bound as unknown as Readonly<Record<string, unknown>>)[name];
  if (typeof method !== "function") throw notInstalled(`the bound facade has no ${name}.`);
  return (method as (...args: readonly unknown[]) => unknown).apply(bound, args as unknown[]);
}
