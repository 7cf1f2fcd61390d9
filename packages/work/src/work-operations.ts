import {
  type Awaitable,
  operationsFor,
  type OperationsOfGroup,
  type WorkerContext,
} from "@tasker-observability/core";
import * as z from "zod";
import {
  type DeadLettersChange,
  type DeadLettersChangeParams,
  deadLettersChangeParamsSchema,
  deadLettersChangeSchema,
  type DeadLettersList,
  type DeadLettersListParams,
  deadLettersListParamsSchema,
  deadLettersListSchema,
} from "./schemas/dead-letters.js";
import {
  type FleetList,
  type FleetListParams,
  fleetListParamsSchema,
  fleetListSchema,
} from "./schemas/fleet.js";
import { type QueuesList, queuesListSchema } from "./schemas/queues.js";
import {
  type RunningStepsList,
  type RunningStepsParams,
  runningStepsParamsSchema,
  runningStepsSchema,
} from "./schemas/running-steps.js";
import { type WorkerState, workerStateSchema } from "./schemas/worker-state.js";

/** How a call may be given up. */
export interface WorkCall {
  /** Aborted when no caller waits any more. @default never */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What the operations call: a WorkService, or an object with the same methods. All reject with SERVICE_NOT_INSTALLED where the
 * worker lacks what they ask.
 */
export interface WorkQueries {
  /** The worker whose lifecycle decides whether the operations answer. */
  readonly context: Pick<WorkerContext, "lifecycle" | "logger" | "clock">;
  /** One page of the workers that share the database, by worker id. */
  fleet(params?: FleetListParams, call?: WorkCall): Awaitable<FleetList>;
  /** Depth, age and rates of the queues that this worker serves. */
  queues(call?: WorkCall): Awaitable<QueuesList>;
  /** The steps that run now, the longest-running first. */
  runningSteps(params?: RunningStepsParams): Awaitable<RunningStepsList>;
  /** One page of the dead letters, the newest first. */
  deadLetters(params?: DeadLettersListParams, call?: WorkCall): Awaitable<DeadLettersList>;
  /** Puts the steps of dead letters back on their queue. */
  redrive(params: DeadLettersChangeParams, call?: WorkCall): Awaitable<DeadLettersChange>;
  /** Deletes dead letters permanently. */
  purge(params: DeadLettersChangeParams, call?: WorkCall): Awaitable<DeadLettersChange>;
  /** Has the worker claim no more steps; running steps go on. */
  pause(): Awaitable<WorkerState>;
  /** Has the worker claim steps again. */
  resume(): Awaitable<WorkerState>;
}

/** What a service answers, as operations that any transport can carry. */
export function createWorkOperations(service: WorkQueries) {
  const operation = operationsFor(service.context, z.strictObject({}));
  return Object.freeze({
    fleet_list: operation("fleet_list", {
      params: fleetListParamsSchema,
      result: fleetListSchema,
      run: (params, call) => service.fleet(params, call),
    }),
    queues_list: operation("queues_list", {
      result: queuesListSchema,
      run: (_params, call) => service.queues(call),
    }),
    steps_running: operation("steps_running", {
      params: runningStepsParamsSchema,
      result: runningStepsSchema,
      run: (params) => service.runningSteps(params),
    }),
    dead_letters_list: operation("dead_letters_list", {
      params: deadLettersListParamsSchema,
      result: deadLettersListSchema,
      run: (params, call) => service.deadLetters(params, call),
    }),
    dead_letters_redrive: operation("dead_letters_redrive", {
      params: deadLettersChangeParamsSchema,
      result: deadLettersChangeSchema,
      run: (params, call) => service.redrive(params, call),
    }),
    dead_letters_purge: operation("dead_letters_purge", {
      params: deadLettersChangeParamsSchema,
      result: deadLettersChangeSchema,
      run: (params, call) => service.purge(params, call),
    }),
    worker_pause: operation("worker_pause", {
      result: workerStateSchema,
      run: () => service.pause(),
    }),
    worker_resume: operation("worker_resume", {
      result: workerStateSchema,
      run: () => service.resume(),
    }),
  } satisfies OperationsOfGroup<"work">);
}

/** The operations on a worker's work, by name. */
export type WorkOperations = ReturnType<typeof createWorkOperations>;
