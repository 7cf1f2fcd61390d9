import type { PathSegment } from "@tasker-observability/redact";
import { isJsonArray, isJsonObject, type JsonObject, ownValue } from "../json.js";
import { type Problem, toProblem } from "../problem.js";
import { type KeyAlias, saysTheSame, stepAliases } from "./normalize-aliases.js";

/** Spellings that Tasker refuses and that are gone once aliases are understood, as warnings. @param template - as it was written */
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
  keyAlias: KeyAlias,
  path: readonly PathSegment[],
): readonly Problem[] {
  const { key, alias, meaning } = keyAlias;
  const written = ownValue(step, key);
  const current = written === undefined ? undefined : meaning?.(written);
  // Where they say different things, that is an error of its own.
  const isTwice = Object.hasOwn(step, key) && Object.hasOwn(step, alias);
  return [
    ...(isTwice && saysTheSame(step, keyAlias)
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
