/** As `instanceof`, for what foreign code has thrown: a proxy that throws when asked for its prototype is an instance of nothing. Never throws. */
export function isInstance<Instance>(
  value: unknown,
  type: abstract new (...given: never[]) => Instance,
): value is Instance {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}
