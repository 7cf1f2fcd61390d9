import type { AccessPolicy, Logger, Operations, WorkerContext } from "@tasker-observability/core";
import type { FleetReporter } from "@tasker-observability/fleet";
import { openBridge, type OpenBridge } from "./transports/open-bridge.js";
import { openDatabase } from "./database/open-database.js";
import type { DatabaseHandle } from "./database/database-handle.js";
import { openHttpListener } from "./transports/open-http-listener.js";
import { prepareDatabase } from "./preparation/prepare-database.js";
import type { PreparedQueues } from "./preparation/prepare-queues.js";
import { replaceTriggersLater } from "./preparation/replace-triggers-later.js";
import { createDeferred } from "./bootstrap/deferred.js";
import { createKeepAlive } from "./bootstrap/keep-alive.js";
import { startFleetReports } from "./bootstrap/start-fleet-reports.js";
import { createWatchdogs } from "./bootstrap/create-watchdogs.js";
import type { EventHandler } from "./events/bounded-subscriber.js";
import { reportNotifications } from "./notifications/report-notifications.js";
import { settingNames } from "./options/setting-names.js";
import { WorkerStartError } from "./worker-start-error.js";
import type { EnqueueOptions, StepToEnqueue } from "@tasker-observability/producer";
import type { WorkerParts } from "./bootstrap/worker-parts.js";
import { enqueueSteps } from "./bootstrap/enqueue-steps.js";
import type { Watchdog } from "./watchdogs/watchdog.js";

/**
 * A worker in this process: it claims steps from its queues, runs their handlers, and serves its health and metrics.
 * Made by `createWorker`. It installs no signal or rejection handlers; those are the application's.
 */
export class Worker {
  readonly #parts: WorkerParts;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  readonly #keepAlive = createKeepAlive();
  #bridge: OpenBridge | undefined;
  #databaseHandle: DatabaseHandle | undefined;
  #watchdogs: readonly Watchdog[] = [];
  #reporter: FleetReporter | undefined;
  #starting: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  readonly #whenStopped = createDeferred();
  readonly #whenListening = createDeferred<string | null>();
  #url: string | null = null;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#logger = parts.context.logger;
  }

  /** The worker's identity, and the shared parts of its services. */
  get context(): WorkerContext {
    return this.#parts.context;
  }

  /** All operations, for your own transport. */
  get operations(): Operations {
    return this.#parts.services.operations;
  }

  /** Which operations each transport offers, and to which callers. */
  get policy(): AccessPolicy {
    return this.#parts.policy;
  }

  /** Resolves when the worker has stopped. */
  get stopped(): Promise<void> {
    return this.#whenStopped.promise;
  }

  /** Whether other processes can see its health: by HTTP, the socket or the heartbeat file. */
  get hasTransport(): boolean {
    const { socketPath, heartbeatFile } = this.#parts.settings;
    return this.#url !== null || socketPath !== undefined || heartbeatFile !== undefined;
  }

  /** The URL of the HTTP listener, without a trailing slash; null if there is none. */
  get url(): string | null {
    return this.#url;
  }

  /** Resolves with `url` once health answers, even before the database does; null without a listener. Never rejects. */
  get listening(): Promise<string | null> {
    return this.#whenListening.promise;
  }

  /**
   * Opens the port and the socket, then the database, then the queues, and starts to run steps.
   * Health answers once the port is open; the worker is ready once it runs steps.
   * It waits for a database that cannot be reached yet. From here to the end of `stop()` the worker keeps the process alive.
   * @throws WorkerStartError if the worker cannot start or is stopped meanwhile, after everything is stopped again.
   */
  async start(): Promise<void> {
    if (this.#starting !== undefined)
      throw new WorkerStartError("This worker has already been started: create a new one.");
    if (this.#stopped !== undefined)
      throw new WorkerStartError("This worker has already been stopped: create a new one.");
    this.#keepAlive.acquire();
    this.#starting = this.#start();
    try {
      await this.#starting;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { settings, context, httpListener } = this.#parts;
    const { signal } = this.#stopping;
    const names = settingNames(settings);
    context.lifecycle.become("starting");
    if (httpListener !== null && settings.http !== false) {
      const { host, port } = settings.http;
      this.#url = await openHttpListener(httpListener, { host, port }, names.httpPortAdvice);
    }
    this.#bridge = await openBridge({ ...this.#parts, operations: this.operations, signal });
    this.#whenListening.resolve(this.#url);
    this.#parts.services.startPush();
    const database = { ...settings, names };
    const databaseHandle = await openDatabase(database, context, () => void this.#prepareAgain());
    this.#databaseHandle = databaseHandle;
    this.#parts.database.open(databaseHandle.database);
    this.#reporter = startFleetReports(this.#parts, this.#url);
    const { notifications } = await this.#prepare(databaseHandle);
    if (signal.aborted) throw new WorkerStartError("The worker was stopped before it ran.");
    const mode = settings.notifications;
    reportNotifications(notifications, { mode, setting: names.notifications }, this.#logger);
    replaceTriggersLater({
      database: databaseHandle.database,
      notifications,
      clock: context.clock,
      logger: this.#logger,
      signal,
    });
    this.#startSteps(databaseHandle);
    context.lifecycle.become("running");
  }

  /** After a restart of the embedded server, which may have lost its queues. */
  async #prepareAgain(): Promise<void> {
    if (this.#databaseHandle === undefined || this.context.lifecycle.current() !== "running")
      return;
    await this.#prepare(this.#databaseHandle).catch((error: unknown) => {
      this.#logger(
        "error",
        "the queues of the embedded PostgreSQL could not be prepared again: restart the worker",
        { error },
      );
    });
  }

  #prepare(databaseHandle: DatabaseHandle): Promise<PreparedQueues> {
    return prepareDatabase({ ...this.#parts, databaseHandle, signal: this.#stopping.signal });
  }

  #startSteps(databaseHandle: DatabaseHandle): void {
    const { engine, context, settings, templateWarnings } = this.#parts;
    // Not awaited: a source that hangs must not delay the steps.
    void templateWarnings.check(this.#stopping.signal);
    engine.start(settings.notifications === "off" ? null : databaseHandle.listenTarget);
    this.#watchdogs = createWatchdogs({
      context,
      databaseHandle,
      processor: engine.commandProcessor,
      settings,
    });
    for (const watchdog of this.#watchdogs) watchdog.start();
  }

  /** Claims no more steps until {@link resume}; running steps continue. */
  pause(): void {
    this.#parts.engine.commandProcessor.pause?.();
  }

  /** Claims steps again after {@link pause}. */
  resume(): void {
    this.#parts.engine.commandProcessor.resume?.();
  }

  /**
   * Calls `handler` with every later domain event, fast or broadcast, whose name matches: `payment.*`, a whole name, or `*`.
   * One at a time; events that it cannot keep up with are dropped and counted. An error that it throws affects no step.
   * @returns a function that ends the subscription: waiting events are not delivered.
   * @throws Error if the pattern or the handler is invalid.
   */
  subscribe(pattern: string, handler: EventHandler): () => void {
    return this.#parts.bus.subscribe(pattern, handler);
  }

  /**
   * Puts steps of one namespace on its queue, in one statement.
   * @throws ObservabilityError INVALID_PARAMS that lists every problem of the steps; an error of the database, unchanged;
   * Error if one of your triggers dropped a step: without `transaction`, none of the steps is stored then.
   * @example
   * await client.query("begin");
   * await worker.enqueue([{ template, stepName: "charge", input, headers: { traceparent } }], { transaction: client });
   * await client.query("commit");
   */
  enqueue(steps: readonly StepToEnqueue[], options?: EnqueueOptions): Promise<void>;
  enqueue(...steps: readonly [StepToEnqueue, ...StepToEnqueue[]]): Promise<void>;
  async enqueue(...args: readonly unknown[]): Promise<void> {
    await enqueueSteps(this.#parts, args);
  }

  /**
   * Drains and stops: not ready immediately, alive to the end, running steps may finish within the drain time-out.
   * May be called at any time and repeatedly. Resolves when everything is closed. Never rejects.
   */
  stop(): Promise<void> {
    if (this.#stopped === undefined) {
      this.#keepAlive.acquire();
      this.#stopped = this.#stop().finally(() => {
        this.#keepAlive.release();
        this.#whenStopped.resolve();
      });
    }
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { context, engine, services, httpListener, settings, database } = this.#parts;
    this.#stopping.abort();
    if (context.lifecycle.current() !== "created") context.lifecycle.become("draining");
    await this.#starting?.catch(() => undefined);
    for (const watchdog of this.#watchdogs) watchdog.stop();
    const left = await engine.drain(settings.drainTimeoutMs);
    if (left > 0)
      this.#logger(
        "warn",
        "the drain timed out: other workers will run the unfinished steps again",
        { steps: left },
      );
    await Promise.all([
      httpListener?.close(),
      this.#bridge?.close(),
      services.stopPush(),
      this.#reporter?.stop(),
    ]);
    this.#parts.templateWarnings.close();
    this.#parts.closeTemplates();
    services.close();
    database.close();
    await this.#databaseHandle?.close().catch((error: unknown) => {
      this.#logger("error", "the database could not be closed", { error });
    });
    context.lifecycle.become("stopped");
  }
}
