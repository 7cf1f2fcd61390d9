import { didYouMean } from "@tasker-observability/core";
import type { PathSegment } from "@tasker-observability/redact";
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  ownValue,
} from "../../json.js";
import { type Problem, toProblem } from "../../problem.js";
import { allSteps, fixedKeys, hasTaskHandler } from "../../resolve/apply-environment.js";
import { readSteps, type Subject } from "../subject.js";

type Path = readonly PathSegment[];

/** Overrides must be mappings, change only what an environment can change, and name existing steps. */
export function overridesRule({ definition }: Subject): readonly Problem[] {
  const environments = ownValue(definition, "environments");
  if (!isJsonObject(environments)) return [];
  const names = new Set(
    readSteps(definition)
      .map(({ name }) => name)
      .filter((name) => name !== null),
  );
  return Object.entries(environments).flatMap(([environment, override]) => {
    const path = ["environments", environment];
    if (override === null) return [];
    if (!isJsonObject(override))
      return [shapeProblem(path, "An environment's overrides are a mapping, as the template is.")];
    return [
      ...validateFixedKeys(override, path),
      ...validateTaskHandler(definition, override, path),
      ...validateSteps(ownValue(override, "steps") ?? [], [...path, "steps"], names),
    ];
  });
}

function validateFixedKeys(override: JsonObject, path: Path): readonly Problem[] {
  const given = [...fixedKeys].filter((key) => Object.hasOwn(override, key));
  return given.map((key) =>
    toProblem({
      severity: "warning",
      code: "fixed_override_key",
      path: [...path, key],
      message: `No environment changes ${key}: the override does nothing.`,
      hint: "Take it out.",
    }),
  );
}

function validateTaskHandler(
  definition: JsonObject,
  override: JsonObject,
  path: Path,
): readonly Problem[] {
  const key = "task_handler";
  if ((ownValue(override, key) ?? null) === null || hasTaskHandler(definition)) return [];
  return [
    toProblem({
      severity: "warning",
      code: "fixed_override_key",
      path: [...path, key],
      message: "The template has no task_handler: the override does nothing.",
      hint: "Give the template one, or remove the override.",
    }),
  ];
}

function validateSteps(
  steps: JsonValue,
  path: Path,
  names: ReadonlySet<string>,
): readonly Problem[] {
  if (!isJsonArray(steps))
    return [
      shapeProblem(path, "The overrides of steps are a list, each with the name of its step."),
    ];
  return steps.flatMap((step, index) => validateStep(step, [...path, index], names));
}

function validateStep(step: JsonValue, path: Path, names: ReadonlySet<string>): readonly Problem[] {
  const name = isJsonObject(step) ? ownValue(step, "name") : undefined;
  if (name === allSteps || (typeof name === "string" && names.has(name))) return [];
  const message =
    typeof name === "string"
      ? `No step is named ${JSON.stringify(name)}: the override does nothing.`
      : "The override names no step: it does nothing.";
  const hint =
    typeof name === "string"
      ? didYouMean(name, names)
      : `Give it the name of a step, or ${allSteps}.`;
  return [
    toProblem({
      severity: "warning",
      code: "unknown_override_step",
      path: [...path, "name"],
      message,
      hint,
    }),
  ];
}

function shapeProblem(path: Path, message: string): Problem {
  return toProblem({ code: "invalid_override", path, message });
}
