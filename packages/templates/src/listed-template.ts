import { secretsIn } from "@tasker-observability/redact";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "./json.js";
import type { TemplateSummary } from "./schemas/template-list.js";
import type { ListedTemplate } from "./template-source.js";

/** The redactor recognizes no shorter secret elsewhere. */
const shortestSecret = 8;

/**
 * The line, with its definition if the description may repeat a secret of it. Few do, and only those cost a
 * redaction.
 */
export function toListedTemplate(summary: TemplateSummary, definition: JsonObject): ListedTemplate {
  return Object.freeze({
    ...summary,
    definition: mayRepeatSecret(summary.description, definition) ? definition : null,
  });
}

/** Every repetition counts, secret or not: the redactor decides. */
function mayRepeatSecret(description: string | null, definition: JsonObject): boolean {
  if (description === null || description.length < shortestSecret) return false;
  // A secret can be written there as in JSON or a URL.
  if (/[\\%]/.test(description)) return true;
  return Object.entries(definition).some(
    ([key, value]) =>
      !(key === "description" && value === description) && isRepeated(value, description),
  );
}

function isRepeated(value: JsonValue, description: string): boolean {
  if (typeof value === "string") return isTextRepeated(value, description);
  if (typeof value === "number") return contains(description, String(value));
  if (isJsonArray(value)) return value.some((item) => isRepeated(item, description));
  return isJsonObject(value) && Object.values(value).some((item) => isRepeated(item, description));
}

/** As a whole, or a part that is a secret: the password of a URL, or a value in JSON. */
function isTextRepeated(text: string, description: string): boolean {
  if (text.length < shortestSecret) return false;
  return (
    contains(description, text) ||
    /^\s*[[{]/.test(text) ||
    secretsIn(text).some((secret) => contains(description, secret))
  );
}

/** Without surrounding blanks: a secret from a file ends in a line break, but is repeated without it. */
function contains(description: string, text: string): boolean {
  const inside = text.trim();
  return inside.length >= shortestSecret && description.includes(inside);
}
