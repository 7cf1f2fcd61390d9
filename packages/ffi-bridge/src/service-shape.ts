import { ObservabilityError } from "@tasker-observability/core";
import { hasAll } from "@tasker-observability/core/options";

/** Whether a value has such a method. */
export function canAnswer<Shape extends object>(
  value: unknown,
  method: keyof Shape & string,
): value is Shape {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Record<string, unknown>)[method] === "function"
  );
}

/**
 * Tells a service from options for one, by its methods.
 *
 * @throws ObservabilityError INVALID_PARAMS where the value is a part of a service, or no object.
 */
export function isService<Service extends object>(
  value: unknown,
  slot: string,
  methods: readonly (keyof Service & string)[],
): value is Service {
  if (typeof value !== "object" || value === null)
    throw new ObservabilityError(
      "INVALID_PARAMS",
      `${slot} is neither a service nor options for one.`,
    );
  const missing = methods.filter(
    (method) => typeof (value as Record<string, unknown>)[method] !== "function",
  );
  if (missing.length === 0) return true;
  if (missing.length === methods.length) return false;
  throw new ObservabilityError(
    "INVALID_PARAMS",
    `The ${slot} service lacks ${missing.join(", ")}.`,
  );
}

/**
 * A service as it was given.
 *
 * @throws ObservabilityError INVALID_PARAMS where it does not say which worker it answers for.
 */
export function withContext<Service extends { readonly context: unknown }>(
  slot: string,
  service: Service,
): Service {
  if (hasAll(service.context, ["lifecycle", "clock"], "object")) return service;
  throw new ObservabilityError(
    "INVALID_PARAMS",
    `The ${slot} service lacks a context: give it the one that its worker has.`,
  );
}
