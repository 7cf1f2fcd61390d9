import type { PathSegment } from "@tasker-observability/redact";
import type { ErrorObject } from "ajv";
import { Ajv } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type JsonObject, ownValue } from "../json.js";
import { type FindingCode, type Problem, toProblem } from "../problem.js";

/** The code and text for a problem of a schema. */
interface Place {
  readonly code: FindingCode;
  /** The schema's place in the template. */
  readonly path: readonly PathSegment[];
}

type Validator = Pick<Ajv, "validateSchema" | "compile" | "removeSchema" | "errors">;

// Authors may use unknown keywords and formats; patterns need not be valid with the "u" flag.
const options = {
  strict: false,
  allErrors: true,
  unicodeRegExp: false,
  validateFormats: false,
  logger: false,
} as const;

const dialects: readonly { readonly uri: RegExp; readonly make: () => Validator }[] = [
  {
    uri: /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/,
    make: once(() => new Ajv2020(options)),
  },
  { uri: /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/, make: once(() => new Ajv(options)) },
  {
    uri: /^https?:\/\/json-schema\.org\/draft\/2019-09\/schema#?$/,
    make: once(() => new Ajv2019(options)),
  },
];

/**
 * Why a value is not a JSON Schema of draft 7, 2019-09 or 2020-12, as `$schema` says. Without `$schema`, it may fit
 * 2020-12 or draft 7, which differ in little that templates use.
 */
export function validateJsonSchema(schema: JsonObject, place: Place): readonly Problem[] {
  const uri = ownValue(schema, "$schema");
  if (typeof uri !== "string")
    return dialects
      .slice(0, 2)
      .map(({ make }) => check(schema, make(), place))
      .reduce((a, b) => (b.length === 0 ? b : a));
  const dialect = dialects.find((each) => each.uri.test(uri));
  if (dialect !== undefined) return check(schema, dialect.make(), place);
  const hint = "Drafts 7, 2019-09 and 2020-12 are.";
  return [
    toProblem({
      severity: "warning",
      code: place.code,
      path: [...place.path, "$schema"],
      message: "This dialect of JSON Schema is not checked.",
      hint,
    }),
  ];
}

function check(
  schema: JsonObject,
  validator: Validator,
  { code, path }: Place,
): readonly Problem[] {
  if (validator.validateSchema(schema) !== true) {
    return distinct(validator.errors ?? []).map((error) =>
      toProblem({
        code,
        path: [...path, ...toSegments(error.instancePath)],
        message: `Not a JSON Schema: ${error.message ?? error.keyword}.`,
      }),
    );
  }
  const fault = compileFault(schema, validator);
  return fault === null
    ? []
    : [toProblem({ code, path, message: `The schema cannot be used: ${fault}.` })];
}

/** Problems that the meta-schema cannot find: references and patterns are only resolved when a schema is used. */
function compileFault(schema: JsonObject, validator: Validator): string | null {
  try {
    validator.compile(schema);
    return null;
  } catch (error) {
    if (error instanceof Error && "missingRef" in error)
      return "a $ref in it cannot be resolved; references must stay within the schema";
    return error instanceof SyntaxError
      ? "a pattern in it is not a valid regular expression"
      : "it cannot be compiled";
  } finally {
    // A validator caches what it compiles, and rejects a second schema with the same $id.
    validator.removeSchema(schema);
  }
}

/** One error per place: if several alternatives fail, the first is enough. */
function distinct(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  return [
    ...new Map([...errors].reverse().map((error) => [error.instancePath, error])).values(),
  ].reverse();
}

function toSegments(pointer: string): readonly PathSegment[] {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => {
      const key = segment.replaceAll("~1", "/").replaceAll("~0", "~");
      return /^\d+$/.test(key) ? Number(key) : key;
    });
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
