import type { PathSegment } from "@tasker-observability/redact";
import { isJsonArray, type JsonObject, type JsonValue, valueAt } from "../json.js";
import { allSteps } from "./apply-environment.js";

type Path = readonly PathSegment[];

/**
 * Where in its overrides an environment says what stands at a path of the merged template: of a step, in the override
 * that came last to it. The environment itself where none of its overrides says it.
 *
 * @param template - with its aliases normalized.
 */
export function placeInOverride(template: JsonObject, environment: string, path: Path): Path {
  const root: Path = ["environments", environment];
  const override = valueAt(template, root);
  const [first, index, ...rest] = path;
  if (first !== "steps" || index === undefined)
    return depthOf(override, path) === 0 ? root : [...root, ...path];
  const name = valueAt(template, ["steps", index, "name"]);
  const overrides = valueAt(override, ["steps"]);
  const depths = isJsonArray(overrides)
    ? overrides.map((step) => (isOf(name, step) ? depthOf(step, rest) : 0))
    : [];
  const deepest = Math.max(0, ...depths);
  return deepest === 0 ? root : [...root, "steps", depths.lastIndexOf(deepest), ...rest];
}

function isOf(name: JsonValue | undefined, override: JsonValue): boolean {
  const named = valueAt(override, ["name"]);
  return named !== undefined && (named === name || named === allSteps);
}

/** How many segments of the path lead to something; null says nothing. */
function depthOf(value: JsonValue | undefined, path: Path): number {
  const missing = path.findIndex(
    (_, depth) => (valueAt(value, path.slice(0, depth + 1)) ?? null) === null,
  );
  return missing === -1 ? path.length : missing;
}
