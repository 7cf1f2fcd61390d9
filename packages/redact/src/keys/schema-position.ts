/**
 * The place of a value in a document. Inside a JSON Schema, names are names of fields: `properties.token.type` is not a
 * token, but `properties.token.default` is.
 */
export type Position =
  /** Outside of schemas, or in a part of one that contains data. */
  | "data"
  /** A schema. */
  | "schema"
  /** A table of schemas by field name. */
  | "fields"
  /** A table of lists of names, or of schemas, by field name. */
  | "names"
  /** Text for people. */
  | "prose"
  /** A keyword's value. */
  | "keyword";

/** `input_schema`, `result_schema`, `outputSchema`; `schema` alone is one only in a list of events. */
const schemaKey = /[^_]_schema$|[^_]Schema$/;
const eventLists = new Set([
  "publishes_events",
  "publishesEvents",
  "domain_events",
  "domainEvents",
]);

const keywordPositions: ReadonlyMap<string, Position> = new Map([
  ...names("properties patternProperties $defs definitions dependentSchemas", "fields"),
  ...names(
    "items prefixItems contains additionalItems additionalProperties unevaluatedItems unevaluatedProperties",
    "schema",
  ),
  ...names("propertyNames allOf anyOf oneOf not if then else contentSchema", "schema"),
  ...names("default const enum example examples", "data"),
  ...names("title description $comment", "prose"),
  ...names(
    "type format pattern required nullable deprecated readOnly writeOnly uniqueItems",
    "keyword",
  ),
  ...names("dependentRequired dependencies", "names"),
  ...names(
    "$id $ref $schema $anchor $dynamicRef $dynamicAnchor $vocabulary id contentEncoding contentMediaType",
    "keyword",
  ),
  ...names(
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems",
    "keyword",
  ),
  ...names("minProperties maxProperties minContains maxContains", "keyword"),
]);

function names(words: string, position: Position): [string, Position][] {
  return words.split(" ").map((word) => [word, position]);
}

/** The part of the path to a table that determines the positions below it. */
export interface Surroundings {
  /** The position of the table itself. */
  readonly position: Position;
  /** For a table that is an item of a list: the list's key. */
  readonly listKey: string | null;
}

/** The position of a value under a key. */
export function positionUnder(
  key: string,
  { position, listKey }: Surroundings,
  value: unknown,
): Position {
  if (position === "fields") return "schema";
  if (position === "names")
    return Array.isArray(value) ? "keyword" : typeof value === "object" ? "schema" : "data";
  if (position === "schema") return positionOfKeyword(key, value);
  // Texts and keywords contain no tables. If there is one anyway, its content is data.
  const isSchema =
    schemaKey.test(key) || (key === "schema" && listKey !== null && eventLists.has(listKey));
  return isSchema ? "schema" : "data";
}

function positionOfKeyword(key: string, value: unknown): Position {
  // An unknown keyword must not let a password pass.
  const position = keywordPositions.get(key) ?? "data";
  return position === "names" && Array.isArray(value) ? "data" : position;
}
