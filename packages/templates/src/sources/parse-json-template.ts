import { parseExactJson } from "@tasker-observability/core";
import type { PathSegment } from "@tasker-observability/redact";
import { type JsonObject, type JsonValue, within } from "../json.js";
import { inexactNumber, nearestNumber } from "../number-problem.js";
import { type Problem, toProblem } from "../problem.js";
import { defaultYamlLimits } from "../yaml/yaml-limits.js";

/** JSON text as frozen data. */
export interface ParsedJson {
  /** Undefined if it could not be read, `problems` says why. */
  readonly value: JsonValue | undefined;
  /** Values that were read and dropped: they can contain secrets too. */
  readonly dropped: readonly JsonValue[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the JSON of a template as strictly as YAML: no `__proto__` keys, no unlimited nesting, a warning for each
 * number that loses digits. Never throws.
 */
export function parseJsonTemplate(text: string): ParsedJson {
  try {
    const { value, inexact } = parseExactJson(text);
    const literals = new Map(inexact.map(({ path, literal }) => [placeOf(path), literal]));
    const found: Found = { problems: [], dropped: [], literals };
    const frozen = freeze(value as JsonValue, [], found);
    return {
      value: frozen,
      dropped: [...found.dropped, ...inexact.map(({ path, literal }) => within(path, literal))],
      problems: [...found.problems, ...inexact.map(({ path }) => inexactNumber(path))],
    };
  } catch (error) {
    const deep = error instanceof TooDeep || error instanceof RangeError;
    const problem = toProblem({
      code: deep ? "too_deep" : "not_json",
      message: deep ? "The template is nested too deeply to be read." : "The template is not JSON.",
    });
    return { value: undefined, dropped: [], problems: [problem] };
  }
}

class TooDeep extends Error {}

interface Found {
  readonly problems: Problem[];
  readonly dropped: JsonValue[];
  /** Warnings about inexact numbers, by place. */
  readonly literals: ReadonlyMap<string, string>;
}

function freeze(value: JsonValue, path: readonly PathSegment[], found: Found): JsonValue {
  if (typeof value === "number" && !Number.isFinite(value))
    return nearestNumber(path, value) ?? found.literals.get(placeOf(path)) ?? null;
  if (typeof value !== "object" || value === null) return value;
  if (path.length >= defaultYamlLimits.maxDepth) throw new TooDeep();
  if (Array.isArray(value))
    return Object.freeze(
      value.map((item: JsonValue, index) => freeze(item, [...path, index], found)),
    );
  const copy: Record<string, JsonValue> = {};
  for (const [key, item] of Object.entries(value as JsonObject)) {
    if (key !== "__proto__") {
      copy[key] = freeze(item, [...path, key], found);
      continue;
    }
    found.problems.push(
      toProblem({
        code: "proto_key",
        path: [...path, key],
        message: "The key __proto__ is not allowed.",
      }),
    );
    found.dropped.push(item);
  }
  return Object.freeze(copy);
}

function placeOf(path: readonly PathSegment[]): string {
  return JSON.stringify(path);
}
