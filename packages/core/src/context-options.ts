import type { WorkerContextOptions } from "./context.js";
import { expectedLogger, isLoggerLike } from "./logger.js";
import { assertValid, valueProblemOf } from "./options/option-messages.js";
import { hasMethods, toObject, validate, validateNames } from "./options/validate-by-hand.js";
import { lifecycleOrder } from "./lifecycle.js";
import { portNames } from "./ports.js";

const known: Readonly<Record<keyof WorkerContextOptions, true>> = {
  workerId: true,
  workerType: true,
  version: true,
  environment: true,
  namespaces: true,
  capabilities: true,
  ports: true,
  lifecycle: true,
  clock: true,
  logger: true,
  redactor: true,
  stepWindowSeconds: true,
};

/**
 * Checks by hand, where other factories have a schema: the probe command loads this file and must not load zod.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 */
export function assertContextOptions(options: unknown): void {
  const given = toObject(options);
  const { ports = {}, lifecycle = "running", stepWindowSeconds: seconds, logger } = given;
  assertValid([
    ...validateNames("createWorkerContext", options, Object.keys(known)),
    ...["workerId", "workerType", "version", "environment"].flatMap((name) =>
      validate([name], given[name], isText, "a string that is not empty"),
    ),
    ...["namespaces", "capabilities"].flatMap((name) =>
      validate([name], given[name], isTextList, "an array of strings"),
    ),
    ...validateNames("ports", ports, portNames),
    ...validate(["lifecycle"], lifecycle, isLifecycle, `one of ${lifecycleOrder.join(", ")}`),
    ...validate(
      ["clock"],
      given.clock,
      hasMethods("wallMs", "monotonicMs", "after"),
      "a Clock with wallMs(), monotonicMs() and after()",
    ),
    ...validate(["logger"], logger, isLoggerLike, expectedLogger),
    ...validate(
      ["redactor"],
      given.redactor,
      hasMethods("redact", "text", "error"),
      "a Redactor, as createRedactor() makes it",
    ),
    ...(seconds === undefined || (typeof seconds === "number" && seconds > 0 && seconds < Infinity)
      ? []
      : [valueProblemOf(["stepWindowSeconds"], "a positive number of seconds", seconds)]),
  ]);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

function isLifecycle(value: unknown): boolean {
  return (lifecycleOrder as readonly unknown[]).includes(value);
}
