import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, ownValue } from "../json.js";
import { deepMerge } from "./deep-merge.js";
import { type KeyAlias, retryAliases, stepAliases } from "./normalize-aliases.js";

/** The step name of an override that applies to every step. */
export const allSteps = "ALL";

/** Keys that an override cannot change: an environment does not rename a template. */
export const fixedKeys: ReadonlySet<string> = new Set([
  "name",
  "namespace_name",
  "version",
  "environments",
]);

/**
 * The template as it applies in one environment. Steps are matched by name, `ALL` means every step, overrides apply in
 * the order in which they are written; other mappings are merged, null overrides nothing.
 *
 * @param template - with its aliases normalized.
 */
export function applyEnvironment(template: JsonObject, environment: string): JsonObject {
  const environments = ownValue(template, "environments");
  const override = isJsonObject(environments) ? ownValue(environments, environment) : undefined;
  if (!isJsonObject(override)) return template;
  const overrideSteps = ownValue(override, "steps");
  const others = Object.fromEntries(
    Object.entries(override).filter(
      ([key]) =>
        key !== "steps" &&
        !fixedKeys.has(key) &&
        (key !== "task_handler" || hasTaskHandler(template)),
    ),
  );
  const merged = deepMerge(template, others);
  const steps = ownValue(template, "steps");
  if (!isJsonArray(steps) || !isJsonArray(overrideSteps)) return merged;
  return Object.freeze({ ...merged, steps: overrideEach(steps, overrideSteps) });
}

/** Whether the task has a handler that an override can change: an override adds none. */
export function hasTaskHandler(template: JsonObject): boolean {
  return isJsonObject(ownValue(template, "task_handler"));
}

function overrideEach(
  steps: readonly JsonValue[],
  overrides: readonly JsonValue[],
): readonly JsonValue[] {
  return Object.freeze(
    steps.map((step) => (isJsonObject(step) ? overrides.reduce(overrideStep, step) : step)),
  );
}

function overrideStep(step: JsonObject, override: JsonValue): JsonObject {
  if (!isJsonObject(override)) return step;
  const { name, ...changes } = override;
  if (name !== allSteps && (name === undefined || name !== ownValue(step, "name"))) return step;
  return followAliases(step, deepMerge(step, changes));
}

/** An alias in the template takes over the value that overrode it. */
function followAliases(before: JsonObject, after: JsonObject): JsonObject {
  const retryBefore = ownValue(before, "retry");
  const retryAfter = ownValue(after, "retry");
  const step = follow(stepAliases, before, after);
  if (!isJsonObject(retryBefore) || !isJsonObject(retryAfter)) return step;
  const retry = follow(retryAliases, retryBefore, retryAfter);
  return retry === retryAfter ? step : Object.freeze({ ...step, retry });
}

function follow(aliases: readonly KeyAlias[], before: JsonObject, after: JsonObject): JsonObject {
  const changed = aliases.filter(
    ({ key, alias }) =>
      after[key] !== undefined && after[key] !== before[key] && Object.hasOwn(after, alias),
  );
  return changed.length === 0
    ? after
    : Object.freeze({
        ...after,
        ...Object.fromEntries(changed.map(({ key, alias }) => [alias, after[key] ?? null])),
      });
}
