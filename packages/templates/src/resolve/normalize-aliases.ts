import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, ownValue } from "../json.js";

/** A key of ours, and its other name in template files. */
export interface KeyAlias {
  readonly key: string;
  readonly alias: string;
  /** The meaning of a value, if it has aliases too. */
  readonly meaning?: (value: JsonValue) => JsonValue;
}

const typeAliases: ReadonlyMap<JsonValue, string> = new Map([["deferred", "deferred_convergence"]]);

export const stepAliases: readonly KeyAlias[] = [
  { key: "type", alias: "step_type", meaning: (type) => typeAliases.get(type) ?? type },
  { key: "dependencies", alias: "depends_on" },
];
export const retryAliases: readonly KeyAlias[] = [{ key: "max_attempts", alias: "limit" }];

/**
 * Adds our key beside its alias to every step of the template and its overrides. The alias stays; if both are given,
 * ours wins.
 */
export function normalizeAliases(template: JsonObject): JsonObject {
  const steps = ownValue(template, "steps");
  const environments = ownValue(template, "environments");
  return withEntries(template, {
    steps: isJsonArray(steps) ? normalizeSteps(steps) : undefined,
    environments: isJsonObject(environments)
      ? mapValues(environments, normalizeEnvironment)
      : undefined,
  });
}

function normalizeEnvironment(environment: JsonValue): JsonValue {
  if (!isJsonObject(environment)) return environment;
  const steps = ownValue(environment, "steps");
  return isJsonArray(steps)
    ? withEntries(environment, { steps: normalizeSteps(steps) })
    : environment;
}

function normalizeSteps(steps: readonly JsonValue[]): JsonValue {
  return Object.freeze(steps.map((step) => (isJsonObject(step) ? normalizeStep(step) : step)));
}

function normalizeStep(step: JsonObject): JsonObject {
  const retry = ownValue(step, "retry");
  return withEntries(step, {
    ...understood(step, stepAliases),
    retry: isJsonObject(retry) ? withEntries(retry, understood(retry, retryAliases)) : undefined,
  });
}

/** Whether a key and its alias agree if an object has both. A null alias does not count. */
export function saysTheSame(object: JsonObject, { key, alias, meaning }: KeyAlias): boolean {
  const [one, other] = [key, alias].map((each) => {
    const value = ownValue(object, each) ?? null;
    return meaning?.(value) ?? value;
  });
  return other === null || JSON.stringify(one) === JSON.stringify(other);
}

/** The values of our keys, in whichever spelling they were written. */
function understood(
  object: JsonObject,
  aliases: readonly KeyAlias[],
): Readonly<Record<string, JsonValue | undefined>> {
  return Object.fromEntries(
    aliases.map(({ key, alias, meaning }) => {
      const value = ownValue(object, key) ?? ownValue(object, alias) ?? undefined;
      return [key, value === undefined ? undefined : (meaning?.(value) ?? value)];
    }),
  );
}

/** The same object if there is nothing to set. */
function withEntries(
  object: JsonObject,
  entries: Readonly<Record<string, JsonValue | undefined>>,
): JsonObject {
  const changed = Object.entries(entries).filter(
    ([key, value]) => value !== undefined && value !== ownValue(object, key),
  );
  return changed.length === 0
    ? object
    : Object.freeze({ ...object, ...(Object.fromEntries(changed) as JsonObject) });
}

function mapValues(object: JsonObject, map: (value: JsonValue) => JsonValue): JsonObject {
  return Object.freeze(
    Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)])),
  );
}
