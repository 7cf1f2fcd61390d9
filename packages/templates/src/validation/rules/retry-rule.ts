import { isJsonObject, type JsonObject, ownValue } from "../../json.js";
import { type Problem, toProblem } from "../../problem.js";
import type { StepView, Subject } from "../subject.js";

const mostAttempts = 1_000;
const longestMs = 86_400_000;

/** Attempts and waits must be reasonable whole numbers, and the longest wait must not be shorter than the first. */
export function retryRule({ steps }: Subject): readonly Problem[] {
  return steps.flatMap((view) => {
    const retry = ownValue(view.step, "retry");
    return isJsonObject(retry)
      ? [...validateBounds(view, retry), ...validateOrder(view, retry)]
      : [];
  });
}

function validateBounds({ path }: StepView, retry: JsonObject): readonly Problem[] {
  const bounds = {
    max_attempts: mostAttempts,
    backoff_base_ms: longestMs,
    max_backoff_ms: longestMs,
  };
  return Object.entries(bounds).flatMap(([key, most]) => {
    const value = ownValue(retry, key);
    if (typeof value !== "number" || (Number.isInteger(value) && value >= 0 && value <= most))
      return [];
    return [
      toProblem({
        code: "retry_out_of_bounds",
        path: [...path, "retry", key],
        message: `${key} is ${value}.`,
        hint: `Use a whole number from 0 to ${most}.`,
      }),
    ];
  });
}

function validateOrder({ path }: StepView, retry: JsonObject): readonly Problem[] {
  const first = ownValue(retry, "backoff_base_ms");
  const longest = ownValue(retry, "max_backoff_ms");
  if (typeof first !== "number" || typeof longest !== "number" || first <= longest) return [];
  const message = `max_backoff_ms (${longest}) is less than backoff_base_ms (${first}): every wait will be the shorter one.`;
  return [
    toProblem({
      severity: "warning",
      code: "retry_out_of_bounds",
      path: [...path, "retry", "max_backoff_ms"],
      message,
    }),
  ];
}
