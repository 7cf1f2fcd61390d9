import type { WorkerContext } from "@tasker-observability/core";
import { unknownOption } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { type Criticality, criticalitySchema } from "../schemas/health-check.js";
import type { Check } from "./check.js";
import { createCircuitBreakersCheck } from "./circuit-breakers-check.js";
import {
  commandProcessorCheckSettings,
  createCommandProcessorCheck,
} from "./command-processor-check.js";
import { createDatabaseCheck, databaseCheckSettings } from "./database-check.js";
import { createEventSystemCheck } from "./event-system-check.js";
import { createLifecycleCheck } from "./lifecycle-check.js";
import { backlogThresholds, createQueueProcessingCheck } from "./queue-processing-check.js";
import { createStepProcessingCheck, errorRateThresholds } from "./step-processing-check.js";

/** The names that custom checks cannot take, even if the built-in check does not exist. */
export const builtInCheckNames = Object.freeze([
  "lifecycle",
  "database",
  "command_processor",
  "queue_processing",
  "event_system",
  "step_processing",
  "circuit_breakers",
] as const);
/** The name of a built-in check. */
export type BuiltInCheckName = (typeof builtInCheckNames)[number];

const criticalityByCheck = Object.fromEntries(
  builtInCheckNames.map((name) => [name, z.optional(criticalitySchema)]),
) as Record<BuiltInCheckName, z.ZodMiniOptional<typeof criticalitySchema>>;

export const builtInCheckOptions = z.strictObject({
  ...databaseCheckSettings.shape,
  ...commandProcessorCheckSettings.shape,
  ...backlogThresholds.shape,
  /** Steps: `degraded` or `unhealthy` from these fractions of failed steps, if there are at least `minSamples`. @default 20, 0.05, 0.15 */
  errorRate: z.prefault(errorRateThresholds, {}),
  /** Whether `step_processing` exists. @default where the context has a command processor */
  stepProcessing: z.optional(z.boolean()),
  /** Overrides the criticality of built-in checks: `{ database: "optional" }`. @default by check */
  criticality: z.optional(
    z
      .strictObject(criticalityByCheck, {
        error: (issue) =>
          issue.code === "unrecognized_keys"
            ? issue.keys.map((key) => unknownCheck(key)).join(" ")
            : undefined,
      })
      .check(z.meta({ type: '`{ [check]: "required" | "optional" }`' })),
  ),
});

function unknownCheck(name: string): string {
  return `${unknownOption("criticality", name, builtInCheckNames)} A custom check has a criticality of its own.`;
}

/** Settings of the built-in checks. */
export type BuiltInCheckOptions = z.input<typeof builtInCheckOptions>;

/** The checks whose ports the context has, in the order in which they are listed. */
export function builtInChecks(
  context: WorkerContext,
  options: BuiltInCheckOptions,
): readonly Check[] {
  const { clock, lifecycle, ports, steps } = context;
  const { database, commandProcessor, queues, eventSystem, circuitBreakers } = ports;
  const criticality = (name: BuiltInCheckName): { criticality: Criticality | undefined } => ({
    criticality: options.criticality?.[name],
  });
  const { slowMs, stallAfterMs, overflowThreshold, maxAgeSeconds } = options;
  const hasSteps = options.stepProcessing ?? commandProcessor !== undefined;
  return [
    createLifecycleCheck({ lifecycle, ...criticality("lifecycle") }),
    database && createDatabaseCheck({ database, clock, slowMs, ...criticality("database") }),
    commandProcessor &&
      createCommandProcessorCheck({
        commandProcessor,
        clock,
        stallAfterMs,
        ...criticality("command_processor"),
      }),
    queues &&
      createQueueProcessingCheck({
        queues,
        overflowThreshold,
        maxAgeSeconds,
        ...criticality("queue_processing"),
      }),
    eventSystem && createEventSystemCheck({ eventSystem, ...criticality("event_system") }),
    hasSteps
      ? createStepProcessingCheck({
          steps,
          ...options.errorRate,
          ...criticality("step_processing"),
        })
      : undefined,
    circuitBreakers &&
      createCircuitBreakersCheck({ circuitBreakers, ...criticality("circuit_breakers") }),
  ].filter((check) => check !== undefined);
}
