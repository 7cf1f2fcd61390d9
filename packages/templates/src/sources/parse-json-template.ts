import type { PathSegment } from "@tasker-observability/core/redact";
import type { JsonObject, JsonValue } from "../json.js";
import { type Problem, toProblem } from "../problem.js";
import { defaultYamlLimits } from "../yaml/yaml-limits.js";

/** JSON text as frozen data. */
export interface ParsedJson {
  /** Undefined where it could not be read, `problems` says why. */
  readonly value: JsonValue | undefined;
  /** What was read and is not in the value: a secret among it is one all the same. */
  readonly dropped: readonly JsonValue[];
  readonly problems: readonly Problem[];
}

/** Reads the JSON of a template as strictly as its YAML is read: no `__proto__` keys, no bottomless nesting, no number that would lose digits. Never throws. */
export function parseJsonTemplate(text: string): ParsedJson {
  const found: Found = { problems: [], dropped: [] };
  try {
    return { value: freeze(JSON.parse(text) as JsonValue, [], found), ...found };
  } catch (error) {
    const deep = error instanceof TooDeep || error instanceof RangeError;
    const problem = toProblem({
      code: deep ? "too_deep" : "not_json",
      message: deep ? "The template nests too deep to be read." : "The template is not JSON.",
    });
    return { value: undefined, dropped: [], problems: [problem] };
  }
}

class TooDeep extends Error {}

interface Found {
  readonly problems: Problem[];
  readonly dropped: JsonValue[];
}

function freeze(value: JsonValue, path: readonly PathSegment[], found: Found): JsonValue {
  if (typeof value === "number") found.problems.push(...numberProblems(value, path));
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
        message: "The key __proto__ is refused.",
      }),
    );
    found.dropped.push(item);
  }
  return Object.freeze(copy);
}

/** Every whole number that its digits do not survive lies beyond those that are safe. */
function numberProblems(value: number, path: readonly PathSegment[]): readonly Problem[] {
  if (!Number.isFinite(value))
    return [
      toProblem({
        code: "not_json",
        path,
        message: "The number is larger than any that can be kept.",
      }),
    ];
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return [];
  return [
    toProblem({
      code: "not_json",
      path,
      message: "The number is too large to be kept exactly.",
      hint: "Put it in quotes.",
    }),
  ];
}
