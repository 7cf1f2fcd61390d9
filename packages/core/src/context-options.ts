import type { Clock } from "./clock.js";
import { expectedLogger, isLoggerLike, type LoggerLike } from "./logger.js";
import { assertValid, valueProblemOf } from "./options/option-messages.js";
import { hasMethods, toObject, validate, validateNames } from "./options/validate-by-hand.js";
import { type LifecycleState, lifecycleStates } from "./lifecycle.js";
import { type Ports, portNames } from "./ports.js";
import type { Redactor } from "@tasker-observability/redact";

/** Who this worker is. */
export interface Identity {
  readonly workerId: string;
  readonly workerType: string;
  readonly version: string;
  readonly environment: string;
  /** The template namespaces that it serves. */
  readonly namespaces: readonly string[];
  readonly capabilities: readonly string[];
}

export type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Options of {@link createWorkerContext}; all have a default. */
export interface WorkerContextOptions extends Optional<Identity> {
  /** The ports of the worker. @default none */
  readonly ports?: Optional<Ports> | undefined;
  /** @default "running" */
  readonly lifecycle?: LifecycleState | undefined;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
  /** Receives everything redacted, and errors as plain data. Errors that it throws are ignored. @default silent */
  readonly logger?: LoggerLike | undefined;
  /** Masks secrets in log lines, messages of checks and failure reasons. A configuration's `redactor` knows its secrets. @default one without known secrets */
  readonly redactor?: Redactor | undefined;
  /** Seconds of the sliding window over step outcomes. @default 300 */
  readonly stepWindowSeconds?: number | undefined;
}

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
    ...validate(["lifecycle"], lifecycle, isLifecycleState, `one of ${lifecycleStates.join(", ")}`),
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

function isLifecycleState(value: unknown): boolean {
  return (lifecycleStates as readonly unknown[]).includes(value);
}
