import type { WorkerContext } from "@tasker-observability/core";
import type { Criticality } from "../schemas/health-check.js";
import type { Check } from "./check.js";
import { createCircuitBreakersCheck } from "./circuit-breakers-check.js";
import { createCommandProcessorCheck } from "./command-processor-check.js";
import { createDatabaseCheck } from "./database-check.js";
import { createEventSystemCheck } from "./event-system-check.js";
import { createLifecycleCheck } from "./lifecycle-check.js";
import { type BacklogThresholds, createQueueProcessingCheck } from "./queue-processing-check.js";
import { createStepProcessingCheck, type ErrorRateThresholds } from "./step-processing-check.js";

/** The names that custom checks cannot take, whether or not the check exists in an assembly. */
export const builtInCheckNames = Object.freeze([
  "lifecycle",
  "database",
  "command_processor",
  "queue_processing",
  "event_system",
  "step_processing",
  "circuit_breakers",
] as const);
export type BuiltInCheckName = (typeof builtInCheckNames)[number];

/** Settings of the built-in checks; each has the default of its own check. */
export interface BuiltInCheckOptions extends BacklogThresholds {
  /** Milliseconds above which the database's answer is degraded. @default 500 */
  readonly slowMs?: number | undefined;
  /** Milliseconds without a tick of the claim loop, or with every slot overdue, that are unhealthy. @default 30000 */
  readonly stallAfterMs?: number | undefined;
  /** When failed steps count as too many. */
  readonly errorRate?: ErrorRateThresholds | undefined;
  /** Whether `step_processing` exists. @default where the context has a command processor */
  readonly stepProcessing?: boolean | undefined;
  /** Which checks decide, where that is to differ: `{ database: "optional" }`. */
  readonly criticality?:
    { readonly [Name in BuiltInCheckName]?: Criticality | undefined } | undefined;
}

/** The checks of what the context has: no port, no check. In the order in which they are listed. */
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
