// A registered symbol: an error made by the ESM copy of this package is recognised by the CJS copy.
const marker = Symbol.for("@tasker-observability/RedactionError");

/** A value could not be redacted. The message holds none of it, and there is no cause, which might. */
export class RedactionError extends Error {
  override readonly name = "RedactionError";

  constructor() {
    super("The answer could not be redacted, so nothing of it is given.");
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for a RedactionError of this or any other loaded copy of the package. Never throws. */
  static isInstance(value: unknown): value is RedactionError {
    try {
      return (
        typeof value === "object" &&
        value !== null &&
        (value as Record<symbol, unknown>)[marker] === true
      );
    } catch {
      return false;
    }
  }
}
