import { didYouMean } from "@tasker-observability/core";
import { isJsonObject, type JsonObject, type JsonValue, ownValue } from "../../json.js";
import { type Problem, toProblem } from "../../problem.js";
import type { StepView, Subject } from "../subject.js";

const failureStrategies = ["continue_on_failure", "fail_fast", "isolate"];

const isWhole = (value: JsonValue): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 4_294_967_295;
const isText = (value: JsonValue): boolean => typeof value === "string" && value !== "";

/** The required keys of a batch, and their types. */
const fields: ReadonlyMap<string, readonly [(value: JsonValue) => boolean, string]> = new Map([
  ["batch_size", [isWhole, "Use a whole number of items, 1 or more."]],
  ["parallelism", [isWhole, "Use a whole number of workers, 1 or more."]],
  ["cursor_field", [isText, "Name the field that orders the items, such as id."]],
  ["worker_template", [isText, "Name the step of type batch_worker that works on a batch."]],
  [
    "failure_strategy",
    [
      (value) => failureStrategies.some((strategy) => strategy === value),
      `Use one of ${failureStrategies.join(", ")}.`,
    ],
  ],
]);

/** A `batch_config` must be complete, and its worker must be a step of type batch_worker. */
export function batchConfigRule({ steps }: Subject): readonly Problem[] {
  return steps.flatMap((view) => {
    const config = ownValue(view.step, "batch_config");
    if (!isJsonObject(config)) return [];
    return [...validateFields(view, config), ...validateWorker(view, config, steps)];
  });
}

function validateFields({ path }: StepView, config: JsonObject): readonly Problem[] {
  return [...fields].flatMap(([key, [isRight, hint]]) => {
    const value = ownValue(config, key) ?? null;
    if (isRight(value)) return [];
    return [
      toProblem({
        code: "invalid_batch_config",
        path: [...path, "batch_config", key],
        message: value === null ? `${key} is missing.` : `${key} is not valid for a batch.`,
        hint,
      }),
    ];
  });
}

function validateWorker(
  { path }: StepView,
  config: JsonObject,
  steps: readonly StepView[],
): readonly Problem[] {
  const worker = ownValue(config, "worker_template") ?? null;
  if (typeof worker !== "string" || worker === "") return [];
  const workers = steps.flatMap(({ name, type }) =>
    type === "batch_worker" && name !== null ? [name] : [],
  );
  if (workers.includes(worker)) return [];
  return [
    toProblem({
      code: "invalid_batch_config",
      path: [...path, "batch_config", "worker_template"],
      message: `No step of type batch_worker is named ${JSON.stringify(worker)}.`,
      hint: didYouMean(worker, workers) ?? "Give that step the type batch_worker.",
    }),
  ];
}
