import { MASK } from "@tasker-observability/redact";

// The registered symbol avoids an import of node:util.
const inspect = Symbol.for("nodejs.util.inspect.custom");

/**
 * A configured secret. Printing, inspecting, serializing or concatenating it gives the mask;
 * only {@link Secret.reveal} gives the value.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    Object.freeze(this);
  }

  /** The value itself. Call it where the value is used, and do not store the result. */
  reveal(): string {
    return this.#value;
  }

  /** Whether nothing was configured. */
  get empty(): boolean {
    return this.#value === "";
  }

  /** The mask; an empty string if nothing was configured. */
  toString(): string {
    return this.empty ? "" : MASK;
  }

  /** The same as `toString()`. */
  toJSON(): string {
    return this.toString();
  }

  /** What `console.log` and `util.inspect` print: `Secret(…)` around the mask. */
  [inspect](): string {
    return `Secret(${this.toString()})`;
  }
}
