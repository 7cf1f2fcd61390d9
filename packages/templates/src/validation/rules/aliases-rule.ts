import type { PathSegment } from "@tasker-observability/redact";
import { isJsonObject, type JsonObject, ownValue } from "../../json.js";
import { type Problem, toProblem } from "../../problem.js";
import {
  type KeyAlias,
  retryAliases,
  saysTheSame,
  stepAliases,
} from "../../resolve/normalize-aliases.js";
import { readSteps, type Subject } from "../subject.js";

/** A key and its other spelling must agree. */
export function aliasesRule({ definition }: Subject): readonly Problem[] {
  return readSteps(definition).flatMap(({ step, path }) => {
    const retry = ownValue(step, "retry");
    return [
      ...conflicts(step, path, stepAliases),
      ...(isJsonObject(retry) ? conflicts(retry, [...path, "retry"], retryAliases) : []),
    ];
  });
}

function conflicts(
  object: JsonObject,
  path: readonly PathSegment[],
  aliases: readonly KeyAlias[],
): readonly Problem[] {
  return aliases
    .filter((each) => !saysTheSame(object, each))
    .map(({ key, alias }) =>
      toProblem({
        code: "alias_conflict",
        path: [...path, alias],
        message: `${alias} and ${key} say different things.`,
        hint: `They mean the same: keep ${key}.`,
      }),
    );
}
