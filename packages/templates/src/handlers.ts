import { ObservabilityError } from "@tasker-observability/core";
import { objectLike } from "@tasker-observability/core/options";

/** Which handlers this worker has, by the `callable` that templates name. */
export interface Handlers {
  /** Whether this worker can run the callable. */
  has(callable: string): boolean;
  /** All of them, for suggestions. */
  names(): readonly string[];
}

/**
 * Handlers from only their names: the keys of a worker's registry, or a list read from a file.
 *
 * @throws ObservabilityError INVALID_PARAMS if the values are not names.
 * @example
 * createTemplateService({ context, source, handlers: createHandlers(Object.keys(stepHandlers)) });
 */
export function createHandlers(callables: Iterable<string>): Handlers {
  const known = new Set(namesIn(callables));
  const names = Object.freeze([...known].sort());
  return Object.freeze({ has: (callable: string) => known.has(callable), names: () => names });
}

export const handlersOption = objectLike<Handlers>({
  name: "Handlers",
  methods: ["has", "names"],
  hint: "createHandlers() makes them.",
});

/** A string is iterable too, but its letters are not names. */
function namesIn(callables: unknown): readonly string[] {
  const isList =
    typeof callables === "object" && callables !== null && Symbol.iterator in callables;
  const names = isList ? [...(callables as Iterable<unknown>)] : [callables];
  if (isList && names.every((name) => typeof name === "string")) return names;
  throw new ObservabilityError(
    "INVALID_PARAMS",
    "createHandlers takes a list of names: Object.keys(stepHandlers).",
  );
}
