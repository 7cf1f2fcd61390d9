import type { IncomingMessage } from "node:http";
import { type Operation, pathParamsOf, takesParams } from "@tasker-observability/core";
import { type JsonType, jsonTypeOf } from "./json-type.js";
import { decodePercent, invalidParams } from "./request-target.js";

/** Decodes path segments and query into params; the OpenAPI document's asks the request itself. */
export type ParamDecoder = (
  segments: Readonly<Record<string, string>>,
  query: string,
  request: IncomingMessage,
) => Record<string, unknown>;

/** The params so far, and their problems by key. */
interface Reading {
  readonly params: Record<string, unknown>;
  readonly problems: Map<string, string>;
}

/**
 * The decoder of a route; null if its operation takes no params, so that a query is ignored.
 * The decoder throws INVALID_PARAMS with all problems: a repeated, unknown or unreadable key, a value of the wrong
 * type, and the problems that the operation's schema finds.
 */
export function createParamDecoder(path: string, operation: Operation): ParamDecoder | null {
  if (!takesParams(operation)) return null;
  const types = new Map(
    Object.entries(operation.params.shape).map(([key, schema]) => [key, jsonTypeOf(schema)]),
  );
  // A param in the path cannot be in the query too.
  const inPath = pathParamsOf(path);
  const queryTypes = new Map([...types].filter(([key]) => !inPath.includes(key)));
  const defaults = Object.entries(operation.httpDefaults ?? {});
  return (segments, query) => {
    const reading: Reading = { params: Object.fromEntries(defaults), problems: new Map() };
    for (const [key, raw] of Object.entries(segments))
      readValue(key, decodePercent(raw), types.get(key) ?? "string", reading);
    if (query !== "") readQuery(query, queryTypes, reading);
    if (reading.problems.size > 0) throw toError(operation, reading);
    return reading.params;
  };
}

function readQuery(query: string, types: ReadonlyMap<string, JsonType>, reading: Reading): void {
  const seen = new Set<string>();
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const [rawKey = "", ...rawText] = pair.replaceAll("+", " ").split("=");
    const key = decodePercent(rawKey);
    const type = key === null ? undefined : types.get(key);
    // As in every error about params: known keys are named, the value that was sent is not repeated.
    if (key === null || type === undefined)
      reading.problems.set(
        "query",
        `an unknown key (known: ${[...types.keys()].join(", ") || "none"})`,
      );
    else if (seen.has(key)) reading.problems.set(key, "given more than once");
    else readValue(key, decodePercent(rawText.join("=")), type, reading);
    if (key !== null) seen.add(key);
  }
}

function readValue(
  key: string,
  text: string | null,
  type: JsonType,
  { params, problems }: Reading,
): void {
  const value = text === null ? undefined : toJsonValue(text, type);
  if (value !== undefined) params[key] = value;
  else
    problems.set(
      key,
      text === null ? "not valid percent-encoded UTF-8" : `expected ${expected[type]}`,
    );
}

const expected: Readonly<Record<JsonType, string>> = {
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
  string: "text",
};

function toJsonValue(text: string, type: JsonType): string | number | boolean | undefined {
  if (type === "string") return text;
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  const digits = type === "integer" ? /^-?\d{1,300}$/ : /^-?\d{1,300}(?:\.\d{1,300})?$/;
  return digits.test(text) ? Number(text) : undefined;
}

function toError(operation: Operation, { params, problems }: Reading): Error {
  const issues = operation.params.safeParse(params).error?.issues ?? [];
  const others = issues.filter(({ path }) => !problems.has(String(path[0])));
  return invalidParams(operation.name, [
    ...Array.from(problems, ([key, problem]) => `${key}: ${problem}`),
    ...others.map(({ path, message }) => `${path.join(".") || "params"}: ${message}`),
  ]);
}
