import {
  type CommandProcessor,
  type DeadLetterChoice,
  type DeadLetterStore,
  type MessageQueues,
  notInstalled,
  ObservabilityError,
  type Ports,
  portAnswers,
  type QueueStatistics,
  readParams,
  type WorkerContext,
} from "@tasker-observability/core";
import { contextOption, parseOptions } from "@tasker-observability/core/options";
import * as z from "zod";
import { NamespaceRates } from "./namespace-rates.js";
import {
  type DeadLettersChange,
  type DeadLettersChangeParams,
  deadLettersChangeParamsSchema,
  type DeadLettersList,
  type DeadLettersListParams,
  deadLettersListParamsSchema,
} from "./schemas/dead-letters.js";
import { type FleetList, type FleetListParams, fleetListParamsSchema } from "./schemas/fleet.js";
import type { QueuesList } from "./schemas/queues.js";
import {
  type RunningStepsList,
  type RunningStepsParams,
  runningStepsParamsSchema,
} from "./schemas/running-steps.js";
import type { WorkerState } from "./schemas/worker-state.js";
import {
  createWorkOperations,
  type WorkCall,
  type WorkOperations,
  type WorkQueries,
} from "./work-operations.js";

export const workServiceOptionsSchema = z.strictObject({
  /** The worker to answer for: its ports say what there is to see and to change. */
  context: contextOption,
});

/** Options of {@link createWorkService}. */
export type WorkServiceOptions = z.input<typeof workServiceOptionsSchema>;

/** A worker's work: its queues, running steps, dead letters and fleet. */
export interface WorkService extends WorkQueries {
  readonly context: WorkerContext;
  /** Its answers, for any transport. */
  readonly operations: WorkOperations;
  /** Stops counting steps. */
  close(): void;
}

const forEver = new AbortController().signal;

/**
 * Makes the service. It starts nothing: each answer asks the context's ports.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options.
 * @example
 * const work = createWorkService({ context: worker.context });
 * console.log((await work.queues()).queues);
 */
export function createWorkService(options: WorkServiceOptions): WorkService {
  const { context } = parseOptions("createWorkService", workServiceOptionsSchema, options);
  return new Service(context);
}

class Service implements WorkService {
  readonly context: WorkerContext;
  readonly operations: WorkOperations;
  readonly #rates: NamespaceRates;

  constructor(context: WorkerContext) {
    this.context = context;
    this.#rates = new NamespaceRates(context);
    this.operations = createWorkOperations(this);
  }

  close(): void {
    this.#rates.close();
  }

  async fleet(
    params: FleetListParams = {},
    { signal = forEver }: WorkCall = {},
  ): Promise<FleetList> {
    const query = readParams("fleet", fleetListParamsSchema, params);
    const { workers, ...page } = await this.#ask(() => this.#port("fleet").list(query, signal));
    return {
      ...page,
      workers: workers.map((worker) => ({ ...worker, namespaces: [...worker.namespaces] })),
      limit: query.limit,
      offset: query.offset,
      duplicate_worker_ids: [...page.duplicate_worker_ids],
    };
  }

  async queues({ signal = forEver }: WorkCall = {}): Promise<QueuesList> {
    const read = (port: MessageQueues): Promise<readonly QueueStatistics[]> =>
      this.#ask(() => portAnswers.queues(port, signal));
    const { deadLetters } = this.context.ports;
    const [queues, letters] = await Promise.all([
      read(this.#port("queues")),
      deadLetters === undefined ? [] : read(deadLetters),
    ]);
    return {
      queues: queues.map((queue) => ({ ...queue, ...this.#rates.of(queue.namespace) })),
      dead_letters: [...letters],
    };
  }

  async runningSteps(params: RunningStepsParams = {}): Promise<RunningStepsList> {
    const { limit } = readParams("runningSteps", runningStepsParamsSchema, params);
    const { steps, total } = this.#port("runningSteps").list(limit);
    return { steps: [...steps], total, limit };
  }

  async deadLetters(
    params: DeadLettersListParams = {},
    { signal = forEver }: WorkCall = {},
  ): Promise<DeadLettersList> {
    const query = readParams("deadLetters", deadLettersListParamsSchema, params);
    const store = this.#storeFor(query.namespace);
    const page = await this.#ask(() => store.list(query, signal));
    const { redactor } = this.context;
    return {
      // A reason may contain a secret.
      dead_letters: page.dead_letters.map((letter) => ({
        ...letter,
        message: letter.message === null ? null : redactor.text(letter.message),
      })),
      limit: query.limit,
      next_before: page.next_before,
    };
  }

  redrive(params: DeadLettersChangeParams, call?: WorkCall): Promise<DeadLettersChange> {
    return this.#change("redrive", params, call);
  }

  purge(params: DeadLettersChangeParams, call?: WorkCall): Promise<DeadLettersChange> {
    return this.#change("purge", params, call);
  }

  pause(): WorkerState {
    return this.#switch("pause");
  }

  resume(): WorkerState {
    return this.#switch("resume");
  }

  async #change(
    method: "redrive" | "purge",
    params: DeadLettersChangeParams,
    { signal = forEver }: WorkCall = {},
  ): Promise<DeadLettersChange> {
    const wanted = readParams(method, deadLettersChangeParamsSchema, params);
    const { namespace, ids, code, limit, dry_run: dryRun } = wanted;
    const store = this.#storeFor(namespace);
    const request: DeadLetterChoice = { namespace, ids, code, limit, dryRun };
    const { count, missing_ids } = await this.#ask(() => store[method](request, signal));
    const result = { namespace, dry_run: dryRun, count };
    this.context.logger("info", `dead letters: ${method}`, result);
    return { ...result, missing_ids: [...missing_ids] };
  }

  #switch(method: "pause" | "resume"): WorkerState {
    const processor: CommandProcessor = this.#port("commandProcessor");
    if (processor[method] === undefined)
      throw notInstalled(`this worker's command processor has no ${method}().`);
    processor[method]();
    return { state: portAnswers.processorState(processor) };
  }

  #port<Name extends keyof Ports>(name: Name): Ports[Name] {
    const port = this.context.ports[name];
    if (port === undefined) throw notInstalled(`this worker has no port ${name}.`);
    return port;
  }

  #storeFor(namespace: string | undefined): DeadLetterStore {
    const store = this.#port("deadLetterStore");
    const { namespaces } = this.context.identity;
    if (namespace !== undefined && !namespaces.includes(namespace))
      throw new ObservabilityError(
        "NAMESPACE_NOT_SUPPORTED",
        "This worker does not serve the namespace: ask one that does.",
      );
    return store;
  }

  /** @throws ObservabilityError DATABASE_UNAVAILABLE for whatever else the database throws; the log has the reason. */
  async #ask<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof ObservabilityError) throw error;
      this.context.logger("warn", "the database did not answer about this worker's work", {
        error,
      });
      throw new ObservabilityError(
        "DATABASE_UNAVAILABLE",
        "The database did not answer: try again.",
        { cause: error },
      );
    }
  }
}
