import type { PathSegment } from "@tasker-observability/redact";
import { isJsonArray, type JsonObject, type JsonValue, valueAt } from "../json.js";
import { allSteps } from "./apply-environment.js";

type Path = readonly PathSegment[];

/**
 * The place in an environment's overrides that sets a path of the merged template: for a step, the last override that
 * applies. The environment itself if none does.
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

/** How many segments of the path lead to a value; null does not count. */
function depthOf(value: JsonValue | undefined, path: Path): number {
  const missing = path.findIndex(
    (_, depth) => (valueAt(value, path.slice(0, depth + 1)) ?? null) === null,
  );
  return missing === -1 ? path.length : missing;
}
