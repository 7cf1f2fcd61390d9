import { isJsonObject, type JsonObject, type JsonValue, ownValue } from "./json.js";
import type { ResolvedTemplate } from "./schemas/complete-template.js";

/** A template as it leaves the worker. */
export interface PublicView {
  /** Redacted; frozen. */
  readonly template: ResolvedTemplate;
  readonly configSchema: JsonObject | null;
  readonly defaultDependentSystem: string | null;
}

/** Reads what an answer says about a template besides the template itself. */
export function toPublicView(redacted: unknown): PublicView {
  const template = isJsonObject(redacted) ? redacted : {};
  const schema = ownValue(template, "input_schema");
  const systems = ownValue(template, "system_dependencies");
  const primary = isJsonObject(systems) ? ownValue(systems, "primary") : undefined;
  return Object.freeze({
    template: template as unknown as ResolvedTemplate,
    configSchema: toObjectSchema(schema),
    defaultDependentSystem: typeof primary === "string" ? primary : null,
  });
}

/** `true` and `false` are schemas too. The answer has an object with the same meaning. */
function toObjectSchema(schema: JsonValue | undefined): JsonObject | null {
  if (schema === true) return {};
  if (schema === false) return { not: {} };
  return isJsonObject(schema) ? schema : null;
}
