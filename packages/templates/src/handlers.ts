/** Which handlers this worker has, by the `callable` that templates name. */
export interface Handlers {
  has(callable: string): boolean;
  /** All of them, for suggestions. */
  names(): readonly string[];
}

/**
 * Handlers from their names alone: the keys of a worker's registry, or a list read from a file.
 *
 * @example
 * createTemplateService({ context, source, handlers: createHandlers(Object.keys(stepHandlers)) });
 */
export function createHandlers(callables: Iterable<string>): Handlers {
  const known = new Set(callables);
  const names = Object.freeze([...known].sort());
  return Object.freeze({ has: (callable: string) => known.has(callable), names: () => names });
}
