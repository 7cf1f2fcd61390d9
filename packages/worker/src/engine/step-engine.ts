import {
  type Channels,
  type CommandProcessor,
  type EventSystem,
  type RunningSteps,
  withDeadline,
} from "@tasker-observability/core";
import type { SqlStatement } from "@tasker-observability/postgres";
import { DrainTimeoutError } from "../claiming/in-flight-steps.js";
import type { ConnectionTarget } from "../notification-listener/direct-connection.js";
import type { StepEngineOptions } from "./engine-options.js";
import { createEngineParts, type EngineParts } from "./engine-parts.js";
import { createCommandProcessor, createEventSystem, createRunningSteps } from "./engine-ports.js";

/** Milliseconds for writing outcomes after the drain time-out. */
const lastWritesMs = 1_000;

/** Claims steps, runs them and writes their outcomes: the loop, the slots, the listener and the writer together. */
export class StepEngine {
  readonly #options: StepEngineOptions;
  readonly #closing = new AbortController();
  readonly #parts: EngineParts;
  /** The engine as health and metrics see it. */
  readonly commandProcessor: CommandProcessor;
  /** How new steps are found. */
  readonly eventSystem: EventSystem;
  /** What handlers run now. */
  readonly runningSteps: RunningSteps;
  #running: Promise<void> = Promise.resolve();

  constructor(options: StepEngineOptions) {
    this.#options = options;
    this.#parts = createEngineParts(options, this.#closing.signal);
    this.commandProcessor = createCommandProcessor(this.#parts);
    this.eventSystem = createEventSystem(this.#parts, options);
    this.runningSteps = createRunningSteps(this.#parts);
  }

  /** How full the buffer of claimed steps is. */
  inFlightLevel(): ReturnType<Channels["levels"]>[number] {
    return {
      channel_name: "dispatch",
      component: "step_engine",
      length: this.#parts.inFlight.size,
      capacity: this.#options.bufferSize,
    };
  }

  /**
   * Starts claiming. If the loop breaks, reports to `context.liveness`.
   * @param listenTarget - where to listen; null: polling alone.
   */
  start(listenTarget: ConnectionTarget | null): void {
    const { context, queues } = this.#options;
    const { throttle, renewer, loop, notificationListener } = this.#parts;
    throttle?.start();
    renewer.start();
    this.#running = loop.run().catch((error: unknown) => {
      context.logger("error", "the claim loop failed", { error });
      context.liveness.report("claim_loop", "claim_loop_stopped");
    });
    if (listenTarget !== null && queues.length > 0) notificationListener.start(listenTarget);
  }

  /** Runs a statement that puts steps on a queue, in its own transaction. */
  async enqueue(statement: SqlStatement): Promise<void> {
    await this.#parts.stepQueues.enqueue(statement);
  }

  /**
   * Stops claiming and lets the steps in flight finish. Afterwards nothing is running. A database that does not answer
   * delays this by its time-out at most.
   * @param timeoutMs - after which running handlers are aborted and their steps left to other workers.
   * @returns how many steps were still in flight at the time-out.
   */
  async drain(timeoutMs: number): Promise<number> {
    const { loop, notificationListener, inFlight, releaseNotifier } = this.#parts;
    loop.stop();
    const listenerStopped = notificationListener.stop();
    await this.#waitFor(
      this.#running.then(() => inFlight.whenEmpty()),
      timeoutMs,
    );
    const left = inFlight.size;
    if (left > 0) {
      inFlight.abortAll(new DrainTimeoutError("The worker is stopping."));
      await this.#waitFor(inFlight.whenEmpty(), lastWritesMs);
    }
    await this.#waitFor(releaseNotifier.flush(), lastWritesMs);
    this.#close();
    await listenerStopped;
    return left;
  }

  #close(): void {
    const { writer, renewer, visibilityTimer, overrunningHandlers, throttle } = this.#parts;
    writer.close();
    renewer.stop();
    visibilityTimer.close();
    overrunningHandlers.close();
    throttle?.close();
    this.#closing.abort(new Error("The worker is stopping."));
  }

  async #waitFor(work: Promise<void>, timeoutMs: number): Promise<void> {
    const { clock } = this.#options.context;
    await withDeadline(work, { timeoutMs, clock, onGiveUp: () => undefined });
  }
}
