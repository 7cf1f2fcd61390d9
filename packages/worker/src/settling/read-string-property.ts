/** A text in something that was thrown; null where it has none. Never throws: foreign fields can be anything, getters that throw included. */
export function readStringProperty(thrown: unknown, key: "code" | "message"): string | null {
  try {
    const value: unknown =
      typeof thrown === "object" && thrown !== null
        ? (thrown as Record<string, unknown>)[key]
        : null;
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}
