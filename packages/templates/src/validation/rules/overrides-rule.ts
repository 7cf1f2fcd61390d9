import { didYouMean } from "@tasker-observability/core";
import { isJsonArray, isJsonObject, type JsonValue, ownValue } from "../../json.js";
import { type Problem, toProblem } from "../../problem.js";
import { allSteps } from "../../resolve/apply-environment.js";
import { readSteps, type Subject } from "../subject.js";

/** Overrides name steps that are there. */
export function overridesRule({ definition }: Subject): readonly Problem[] {
  const environments = ownValue(definition, "environments");
  if (!isJsonObject(environments)) return [];
  const names = new Set(readSteps(definition).map(({ name }) => name).filter((name) => name !== null));
  return Object.entries(environments).flatMap(([environment, override]) => {
    const steps = isJsonObject(override) ? ownValue(override, "steps") : undefined;
    return isJsonArray(steps) ? steps.flatMap((step, index) => overrideProblems(step, ["environments", environment, "steps", index], names)) : [];
  });
}

function overrideProblems(step: JsonValue, path: readonly (string | number)[], names: ReadonlySet<string>): readonly Problem[] {
  const name = isJsonObject(step) ? ownValue(step, "name") : undefined;
  if (name === allSteps || (typeof name === "string" && names.has(name))) return [];
  const message = typeof name === "string" ? `No step is named ${JSON.stringify(name)}: the override does nothing.` : "The override names no step: it does nothing.";
  const hint = typeof name === "string" ? didYouMean(name, names) : `Give it the name of a step, or ${allSteps}.`;
  return [toProblem({ severity: "warning", code: "unknown_override_step", path: [...path, "name"], message, hint })];
}
