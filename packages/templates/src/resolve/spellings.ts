import type { PathSegment } from "@tasker-observability/redact";
import { isJsonArray, isJsonObject, type JsonObject, ownValue } from "../json.js";
import { type Problem, toProblem } from "../problem.js";
import { type KeyAlias, stepAliases } from "./normalize-aliases.js";

/** Warnings for spellings that Tasker refuses and that disappear when aliases are normalized. @param template - as it was written */
export function findRefusedSpellings(template: JsonObject): readonly Problem[] {
  const steps = ownValue(template, "steps");
  return isJsonArray(steps)
    ? steps.flatMap((step, index) =>
        isJsonObject(step)
          ? stepAliases.flatMap((each) => ofKey(step, each, ["steps", index]))
          : [],
      )
    : [];
}

function ofKey(
  step: JsonObject,
  { key, alias, meaning }: KeyAlias,
  path: readonly PathSegment[],
): readonly Problem[] {
  const written = ownValue(step, key);
  const current = written === undefined ? undefined : meaning?.(written);
  const isTwice = Object.hasOwn(step, key) && Object.hasOwn(step, alias);
  return [
    ...(isTwice
      ? [refusal([...path, alias], `${key} and ${alias} are one key.`, `Keep ${key}.`)]
      : []),
    ...(typeof current === "string" && current !== written
      ? [refusal([...path, key], `${key} is an older word.`, `Write ${current}.`)]
      : []),
  ];
}

function refusal(path: readonly PathSegment[], message: string, hint: string): Problem {
  return toProblem({
    severity: "warning",
    code: "refused_by_tasker",
    path,
    message: `Tasker refuses this: ${message}`,
    hint,
  });
}
