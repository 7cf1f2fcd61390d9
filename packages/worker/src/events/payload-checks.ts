import { Ajv } from "ajv";

/** Checks payloads against the JSON Schema of their event. */
export interface PayloadChecks {
  /** The mismatches by path and rule, without values; null if there are none. */
  validate(schema: JsonSchema, payload: unknown): string | null;
}

/** `true` fits every payload, `false` none. */
type JsonSchema = Record<string, unknown> | boolean;

/** Compiles each schema once. */
export function createPayloadChecks(): PayloadChecks {
  // Formats are annotations, which is JSON Schema's default; a schema may use keywords that ajv does not know.
  const ajv = new Ajv({
    strict: false,
    validateFormats: false,
    allErrors: true,
    addUsedSchema: false,
    logger: false,
  });
  const compiled = new WeakMap<Record<string, unknown>, ReturnType<Ajv["compile"]>>();
  return Object.freeze({
    validate(schema: JsonSchema, payload: unknown) {
      if (schema === true) return null;
      if (schema === false) return "The event's schema is false, so no payload is valid.";
      const validate = compiled.get(schema) ?? ajv.compile(schema);
      compiled.set(schema, validate);
      if (validate(payload)) return null;
      const problems = (validate.errors ?? []).map(
        ({ instancePath, message }) =>
          `${instancePath === "" ? "payload" : instancePath} ${message ?? "does not match"}`,
      );
      return `The payload does not match the event's schema: ${problems.join("; ")}.`;
    },
  });
}
