import { createRedactor } from "@tasker-observability/redact";
import { readStringProperty } from "./read-string-property.js";

/** Errors wrap errors: limits on depth and number, which also end circular causes. */
const limits = { levels: 4, messages: 8, fields: 10 };
const redactor = createRedactor();

/**
 * The message of anything thrown, with those of the errors that it gathers and of its causes, since `fetch failed` says nothing
 * and Node's own AggregateErrors say nothing at all. Not redacted yet. Never throws.
 *
 * @returns null where there is none.
 */
export function thrownMessage(thrown: unknown): string | null {
  const messages = messagesIn(thrown, limits.levels).slice(0, limits.messages);
  // Many an error repeats the message of its cause in its own.
  const distinct = messages.filter(
    (message, index) =>
      message !== "" && !messages.some((other, place) => place < index && other.includes(message)),
  );
  const [first, ...others] = distinct;
  if (first === undefined) return null;
  const isOwn = first === messages[0];
  return isOwn && others.length > 0 ? `${first}: ${others.join("; ")}` : distinct.join("; ");
}

/** Its own message first, be it empty. */
function messagesIn(thrown: unknown, levels: number): readonly string[] {
  if (typeof thrown === "string") return [thrown];
  if (typeof thrown !== "object" || thrown === null || levels === 0) return [];
  const inside = membersOf(thrown).flatMap((member) => messagesIn(member, levels - 1));
  return [readStringProperty(thrown, "message") ?? "", ...inside];
}

function membersOf(thrown: object): readonly unknown[] {
  try {
    const { errors, cause } = thrown as { readonly errors?: unknown; readonly cause?: unknown };
    const gathered: readonly unknown[] = Array.isArray(errors)
      ? errors.slice(0, limits.messages)
      : [];
    return [...gathered, cause];
  } catch {
    return [];
  }
}

/** Describes a thrown value that is not an error: a primitive as text, an object by its primitive fields, redacted. Never throws. */
export function describeThrown(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null)
    return typeof thrown === "function" ? "a function" : String(thrown);
  try {
    const fields = Object.entries(thrown).filter(
      ([, value]) => typeof value !== "object" && typeof value !== "function",
    );
    return JSON.stringify(
      redactor.redact(Object.fromEntries(fields.slice(0, limits.fields)), { cut: true }).value,
    );
  } catch {
    return "an object that cannot be read";
  }
}
