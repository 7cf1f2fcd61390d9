import type { WorkerContextOptions } from "./context.js";
import {
  clockProblems,
  givenOptions,
  loggerProblems,
  nameProblems,
  refuseProblems,
} from "./options/option-problems.js";
import { lifecycleOrder } from "./lifecycle.js";
import type { Ports } from "./ports.js";

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
const knownPorts: Readonly<Record<keyof Ports, true>> = {
  database: true,
  queues: true,
  commandProcessor: true,
  eventSystem: true,
  domainEvents: true,
  circuitBreakers: true,
  channels: true,
};

/** @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options. */
export function refuseWrongOptions(options: unknown): void {
  const {
    workerId,
    workerType,
    version,
    environment,
    namespaces,
    capabilities,
    ports = {},
    lifecycle = "running",
    clock,
    logger,
    redactor,
  } = givenOptions(options);
  const isLifecycle = (lifecycleOrder as readonly unknown[]).includes(lifecycle);
  refuseProblems([
    ...nameProblems("createWorkerContext", options, Object.keys(known)),
    ...textProblems({ workerId, workerType, version, environment }),
    ...listProblems({ namespaces, capabilities }),
    ...nameProblems("ports", ports, Object.keys(knownPorts)),
    ...(isLifecycle ? [] : [`lifecycle must be one of ${lifecycleOrder.join(", ")}.`]),
    ...clockProblems(clock),
    ...loggerProblems(logger),
    ...redactorProblems(redactor),
  ]);
}

function redactorProblems(redactor: unknown): readonly string[] {
  const { redact, text, error } = (redactor ?? {}) as Readonly<Record<string, unknown>>;
  const isRight =
    redactor === undefined || [redact, text, error].every((part) => typeof part === "function");
  return isRight
    ? []
    : ["redactor must have redact, text and error, as createRedactor() makes it."];
}

function textProblems(texts: Readonly<Record<string, unknown>>): readonly string[] {
  const isRight = (value: unknown): boolean =>
    value === undefined || (typeof value === "string" && value !== "");
  return Object.entries(texts).flatMap(([name, value]) =>
    isRight(value) ? [] : [`${name} must be a text that is not empty.`],
  );
}

function listProblems(lists: Readonly<Record<string, unknown>>): readonly string[] {
  const isRight = (value: unknown): boolean =>
    value === undefined ||
    (Array.isArray(value) && value.every((entry) => typeof entry === "string"));
  return Object.entries(lists).flatMap(([name, value]) =>
    isRight(value) ? [] : [`${name} must be a list of texts.`],
  );
}
