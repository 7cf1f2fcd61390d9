import type { WorkerContext } from "@tasker-observability/core";
import {
  givenOptions,
  hasAll,
  longestTimerMs,
  nameProblems,
  numberProblems,
  refuseProblems,
} from "@tasker-observability/core/options";
import { builtInCheckNames } from "./checks/built-in-checks.js";
import { customCheckProblems } from "./checks/custom-check.js";
import type { ErrorRateThresholds } from "./checks/step-processing-check.js";
import type { HealthServiceOptions } from "./health-options.js";
import { criticalitySchema } from "./schemas/health-check.js";

const known: Readonly<Record<keyof HealthServiceOptions, true>> = {
  context: true,
  database: true,
  checks: true,
  cacheTtlMs: true,
  checkTimeoutMs: true,
  abandonAfterMs: true,
  slowMs: true,
  stallAfterMs: true,
  overflowThreshold: true,
  maxAgeSeconds: true,
  errorRate: true,
  stepProcessing: true,
  criticality: true,
};
const knownOfErrorRate: Readonly<Record<keyof ErrorRateThresholds, true>> = {
  minSamples: true,
  degraded: true,
  unhealthy: true,
};
const ofContext: readonly (keyof WorkerContext)[] = [
  "identity",
  "ports",
  "steps",
  "clock",
  "lifecycle",
  "liveness",
];

const timer = { least: 1, most: longestTimerMs, whole: false };
const fraction = { least: 0, most: 1, whole: false };
const amount = { least: 0, most: Number.MAX_SAFE_INTEGER, whole: false };

/** @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options. */
export function refuseWrongOptions(options: unknown): void {
  const given = givenOptions(options);
  const { context, checks = [], criticality, errorRate, stepProcessing } = given;
  refuseProblems([
    ...nameProblems("createHealthService", options, Object.keys(known)),
    ...(context === undefined || hasAll(context, ofContext, "object")
      ? []
      : ["context must be what createWorkerContext() made."]),
    ...customCheckProblems(checks),
    ...criticalityProblems(criticality),
    ...numberProblems("cacheTtlMs", given.cacheTtlMs, amount),
    ...numberProblems("checkTimeoutMs", given.checkTimeoutMs, timer),
    ...numberProblems("abandonAfterMs", given.abandonAfterMs, amount),
    ...numberProblems("slowMs", given.slowMs, amount),
    ...numberProblems("stallAfterMs", given.stallAfterMs, amount),
    ...numberProblems("overflowThreshold", given.overflowThreshold, amount),
    ...numberProblems("maxAgeSeconds", given.maxAgeSeconds, amount),
    ...errorRateProblems(errorRate),
    ...(stepProcessing === undefined || typeof stepProcessing === "boolean"
      ? []
      : ["stepProcessing must be true or false."]),
  ]);
}

function errorRateProblems(errorRate: unknown): readonly string[] {
  if (errorRate === undefined) return [];
  const { minSamples, degraded, unhealthy } = givenOptions(errorRate);
  return [
    ...nameProblems("errorRate", errorRate, Object.keys(knownOfErrorRate)),
    ...numberProblems("errorRate.minSamples", minSamples, amount),
    ...numberProblems("errorRate.degraded", degraded, fraction),
    ...numberProblems("errorRate.unhealthy", unhealthy, fraction),
  ];
}

function criticalityProblems(criticality: unknown): readonly string[] {
  const names: readonly string[] = builtInCheckNames;
  return Object.entries(givenOptions(criticality)).flatMap(([name, value]) => [
    ...(names.includes(name)
      ? []
      : [`criticality.${name} is no built-in check: a custom check has a criticality of its own.`]),
    ...(value === undefined || criticalitySchema.safeParse(value).success
      ? []
      : [`criticality.${name} must be "required" or "optional".`]),
  ]);
}
