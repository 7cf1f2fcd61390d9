import type { PathSegment } from "@tasker-observability/core/redact";
import type { JsonObject, JsonValue } from "../json.js";
import { type Problem, toProblem } from "../problem.js";
import { defaultYamlLimits } from "../yaml/yaml-limits.js";

/** JSON text as frozen data. */
export interface ParsedJson {
  /** Undefined where it could not be read, `problems` says why. */
  readonly value: JsonValue | undefined;
  readonly problems: readonly Problem[];
}

/** Reads the JSON of a template as strictly as its YAML is read: no `__proto__` keys, no bottomless nesting. Never throws. */
export function parseJsonTemplate(text: string): ParsedJson {
  const problems: Problem[] = [];
  try {
    const value = freeze(JSON.parse(text) as JsonValue, [], problems);
    return { value, problems };
  } catch (error) {
    const deep = error instanceof TooDeep || error instanceof RangeError;
    const problem = toProblem({ code: deep ? "too_deep" : "not_json", message: deep ? "The template nests too deep to be read." : "The template is not JSON." });
    return { value: undefined, problems: [problem] };
  }
}

class TooDeep extends Error {}

function freeze(value: JsonValue, path: readonly PathSegment[], problems: Problem[]): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (path.length >= defaultYamlLimits.maxDepth) throw new TooDeep();
  if (Array.isArray(value)) return Object.freeze(value.map((item: JsonValue, index) => freeze(item, [...path, index], problems)));
  const copy: Record<string, JsonValue> = {};
  for (const [key, item] of Object.entries(value as JsonObject)) {
    if (key === "__proto__") problems.push(toProblem({ code: "proto_key", path: [...path, key], message: "The key __proto__ is refused." }));
    else copy[key] = freeze(item, [...path, key], problems);
  }
  return Object.freeze(copy);
}
