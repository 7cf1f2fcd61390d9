import type { WorkerContext } from "@tasker-observability/core";
import type { SqlClient } from "@tasker-observability/postgres";
import type { NamespaceQueues } from "../queues/step-queues.js";
import type { FindStepPlan } from "../running/step-plan.js";
import type { Breaker } from "../settling/breaker.js";

/** Options of a step engine; the units are in the names. */
export interface StepEngineOptions {
  /** Without ports: they are made from the engine. */
  readonly context: Omit<WorkerContext, "ports">;
  readonly client: SqlClient;
  readonly queues: readonly NamespaceQueues[];
  readonly findPlan: FindStepPlan;
  /** Guards the writing of outcomes. */
  readonly outcomeBreaker: Breaker;
  readonly concurrency: number;
  /** The maximum of steps in flight: claimed ahead, running, or waiting for their outcome to be written. */
  readonly bufferSize: number;
  readonly batchSize: number;
  readonly pollingIntervalMs: number;
  readonly visibilityTimeoutSeconds: number;
  /** Seconds for which a step that this worker cannot run is released before it becomes a dead letter. */
  readonly unknownStepGiveBackSeconds: number;
  /** The setting of the URL on which the engine listens, for a warning. */
  readonly listenUrlSetting: string;
  /** Milliseconds that the client waits for a connection of its pool. */
  readonly acquireTimeoutMs: number;
  /** Milliseconds that the event loop may lag before claiming slows down. @default it never does */
  readonly maxEventLoopLagMs?: number | undefined;
}
