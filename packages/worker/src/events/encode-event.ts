import type { DomainEvent } from "./domain-event.js";

/** Characters of JSON: larger events take a database longer than a statement may. */
const maxCharacters = 16 * 2 ** 20;

/**
 * JSON escapes that `jsonb` rejects: NUL, and half a surrogate pair. After an even number of backslashes, it is plain
 * text.
 */
const notStorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f]..)/;

/**
 * An event as JSON for the database. Everything that the database can never store is rejected here.
 * @throws Error that says why, or whatever a `toJSON` throws.
 */
export function encodeEvent(event: DomainEvent): string {
  const payload = toJson(event.payload);
  if (payload.length > maxCharacters)
    throw new Error(
      `The payload is ${payload.length} characters of JSON, and at most ${maxCharacters} can be written: store it elsewhere and publish a reference.`,
    );
  if (notStorable.test(payload))
    throw new Error(
      "The payload contains a string with U+0000 or a lone surrogate, which PostgreSQL's JSON cannot store: remove it before publishing.",
    );
  return `${JSON.stringify({ ...event, payload: undefined }).slice(0, -1)},"payload":${payload}}`;
}

function toJson(payload: unknown): string {
  try {
    // Values without a JSON form (undefined, a function) become null, as in a list.
    const text: unknown = JSON.stringify(payload);
    return typeof text === "string" ? text : "null";
  } catch (error) {
    throw new Error(
      "The payload cannot be written as JSON: it contains a BigInt or a circular reference, is too deep or too large, or its toJSON throws.",
      { cause: error },
    );
  }
}
