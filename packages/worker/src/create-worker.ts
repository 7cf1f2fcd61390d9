import {
  type CircuitBreakers,
  type Clock,
  createSafeLogger,
  createWorkerContext,
  type Logger,
  type Operations,
  silentLogger,
  type WorkerContext,
} from "@tasker-observability/core";
import { loadConfig, type LoadedConfig } from "@tasker-observability/config";
import type { CustomCheck } from "@tasker-observability/health";
import {
  createObservabilityListener,
  type ListenerOptions,
  type ObservabilityListener,
} from "@tasker-observability/http-express";
import {
  createHandlers,
  createTemplateService,
  createYamlFolderSource,
  isNamespace,
  type TemplateSource,
} from "@tasker-observability/templates";
import { createEvents } from "./bootstrap/create-events.js";
import { createPorts } from "./bootstrap/create-ports.js";
import { createServices } from "./bootstrap/create-services.js";
import { createDeferredDatabase } from "./bootstrap/deferred-database.js";
import { createTemplateNotices } from "./bootstrap/template-notices.js";
import { createWorkerPolicy, toListenerOptions } from "./bootstrap/http-options.js";
import { refuseThrowAwayDatabase } from "./bootstrap/refuse-throw-away-database.js";
import { createStepPlans } from "./bootstrap/step-plans.js";
import type { EventPublisher } from "./events/step-events.js";
import { WorkerStartError } from "./start-error.js";
import { StepEngine } from "./lifecycle/step-engine.js";
import type { StepHandlers } from "./running/step-handler.js";
import { type NamespaceQueues, queuesOf } from "./queues/step-queues.js";
import { packageVersion } from "./version.js";
import { Worker } from "./worker.js";

/** Options of {@link createWorker}; all have a default. */
export interface CreateWorkerOptions {
  /** @default loadConfig(): the files that the environment names */
  readonly config?: LoadedConfig | undefined;
  /** What runs the steps, by the `callable` that templates name. @default none */
  readonly handlers?: StepHandlers | undefined;
  /**
   * Where templates come from: Tasker's registry (`createPostgresSource`), or a folder that is watched
   * (`createYamlFolderSource` with `watchIntervalMs`) in place of the configured one. It stays yours to close. @default the files of common.task_templates.search_paths
   */
  readonly templateSource?: TemplateSource | undefined;
  /** Health checks of your own. @default none */
  readonly checks?: readonly CustomCheck[] | undefined;
  /** What builds the payloads of events, by the `publisher` that their declaration names. @default the handler's result */
  readonly publishers?: Readonly<Record<string, EventPublisher>> | undefined;
  /** Circuit breakers of your own, shown in health and metrics beside the worker's. @default none */
  readonly circuitBreakers?: CircuitBreakers | undefined;
  /**
   * Milliseconds that the event loop may be late before claiming slows down: handlers that compute take the
   * process's breath, and probes and renewals suffer first. @default it never does
   */
  readonly maxEventLoopLagMs?: number | undefined;
  /** @default silent */
  readonly logger?: Logger | undefined;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
}

/**
 * Makes a worker of configuration, templates and handlers. It reads files and opens nothing: `start()` does that.
 *
 * @throws ConfigError with every problem of the configuration; WorkerStartError in production without a database's URL,
 * and where HTTP cannot be served as a configuration made elsewhere says.
 * @example
 * const worker = await createWorker({ handlers: { "Payments::Charge": async (input) => charge(input) } });
 * await worker.start();
 */
export async function createWorker(options: CreateWorkerOptions = {}): Promise<Worker> {
  const config = options.config ?? loadConfig();
  refuseThrowAwayDatabase(config);
  const { settings } = config;
  const handlers = options.handlers ?? {};
  const logger = createSafeLogger(options.logger ?? silentLogger, config.redactor);
  for (const notice of config.notices) logger("warn", notice);
  for (const { path, hint } of config.unknown_keys)
    if (hint !== null) logger("warn", `${path} has no effect. ${hint}`);
  const { source, close: closeTemplates } =
    options.templateSource === undefined
      ? createFiles(settings, options.clock, logger)
      : { source: options.templateSource, close: () => undefined };
  const queues = await queuesFor(config, source, logger);
  const database = createDeferredDatabase();
  // Nothing can be asked of it yet: the ports are made of what is made with it.
  const base = createBaseContext(config, queues, { ...options, logger });
  const events = createEvents({
    context: base,
    publishers: options.publishers ?? {},
    circuitBreakers: options.circuitBreakers,
  });
  const handlerNames = createHandlers(Object.keys(handlers));
  const notices = createTemplateNotices({
    source,
    handlers: handlerNames,
    context: base,
    followsTemplates: settings.worker.namespaces.length === 0,
  });
  const templates = createTemplateService({
    context: base,
    source,
    handlers: handlerNames,
    ...cacheSettings(settings.worker),
  });
  const engine = new StepEngine({
    context: base,
    client: database,
    queues,
    findPlan: createStepPlans({
      resolveTemplate: (identity) => templates.resolveTemplate(identity),
      handlers,
      handlerTimeoutMs: settings.worker.mpsc_channels.handler_dispatch.handler_timeout_ms,
      eventsOf: (step, attempt) => events.stepEvents.eventsOf(step, attempt),
    }),
    completionBreaker: events.completionBreaker,
    maxEventLoopLagMs: options.maxEventLoopLagMs,
    acquireTimeoutMs: settings.common.database.pool.acquire_timeout_seconds * 1_000,
    ...engineSettings(settings.worker),
  });
  const ports = createPorts({ queues, database, events, engine, clock: base.clock });
  const context: WorkerContext = Object.freeze({ ...base, ports });
  const services = createServices({ context, config, templates, checks: options.checks });
  const policy = createWorkerPolicy(settings.worker);
  const listener = settings.worker.web.enabled
    ? createListener(services.operations, toListenerOptions(settings.worker.web, policy))
    : null;
  return new Worker({
    config,
    context,
    database,
    engine,
    services,
    policy,
    listener,
    queues,
    bus: events.bus,
    notices,
    closeTemplates,
  });
}

function createListener(operations: Operations, options: ListenerOptions): ObservabilityListener {
  try {
    return createObservabilityListener(operations, options);
  } catch (error) {
    throw new WorkerStartError(
      `[worker.web] cannot be served: ${error instanceof Error ? error.message : "unknown reason"}`,
      { cause: error },
    );
  }
}

function createFiles(
  { common, worker }: LoadedConfig["settings"],
  clock: Clock | undefined,
  logger: Logger,
): { readonly source: TemplateSource; readonly close: () => void } {
  const { watch_interval_seconds: seconds } = worker.templates;
  const source = createYamlFolderSource({
    patterns: common.task_templates.search_paths,
    cwd: process.cwd(),
    logger,
    clock,
    watchIntervalMs: seconds === 0 ? undefined : seconds * 1_000,
  });
  return { source, close: () => source.close() };
}

async function queuesFor(
  { settings }: LoadedConfig,
  source: TemplateSource,
  logger: Logger,
): Promise<readonly NamespaceQueues[]> {
  const configured = settings.worker.namespaces;
  const namespaces =
    configured.length > 0 ? configured : await source.namespaces(AbortSignal.timeout(30_000));
  // A template can say anything, and its namespace would become part of statements.
  for (const namespace of namespaces)
    if (!isNamespace(namespace))
      logger("error", "a template's namespace cannot name a queue: it is not served", {
        namespace,
      });
  const queues = namespaces.filter(isNamespace).map(queuesOf);
  if (queues.length === 0)
    logger(
      "warn",
      "nothing is served, as neither worker.namespaces nor a template names a namespace that can name a queue",
    );
  return queues;
}

function cacheSettings({ templates }: LoadedConfig["settings"]["worker"]): {
  cacheMaxEntries: number;
  cacheTtlSeconds: number;
} {
  return {
    cacheMaxEntries: templates.cache_max_entries,
    cacheTtlSeconds: templates.cache_ttl_seconds,
  };
}

function engineSettings({
  mpsc_channels,
  event_systems,
  unknown_step_give_back_seconds: unknownStepGiveBackSeconds,
}: LoadedConfig["settings"]["worker"]): {
  maxConcurrentHandlers: number;
  bufferSize: number;
  batchSize: number;
  pollingIntervalMs: number;
  visibilityTimeoutSeconds: number;
  unknownStepGiveBackSeconds: number;
} {
  const { timing, metadata } = event_systems.worker;
  return {
    maxConcurrentHandlers: mpsc_channels.handler_dispatch.max_concurrent_handlers,
    bufferSize: mpsc_channels.handler_dispatch.dispatch_buffer_size,
    batchSize: metadata.fallback_poller.batch_size,
    pollingIntervalMs: metadata.fallback_poller.polling_interval_ms,
    visibilityTimeoutSeconds: timing.visibility_timeout_seconds,
    unknownStepGiveBackSeconds,
  };
}

function createBaseContext(
  { environment, settings, redactor }: LoadedConfig,
  queues: readonly NamespaceQueues[],
  options: CreateWorkerOptions,
): WorkerContext {
  return createWorkerContext({
    workerId: settings.worker.worker_id,
    workerType: settings.worker.worker_type,
    version: packageVersion,
    environment,
    namespaces: queues.map((queue) => queue.namespace),
    lifecycle: "created",
    clock: options.clock,
    logger: options.logger,
    redactor,
    stepWindowSeconds: settings.worker.health.error_rate.window_seconds,
  });
}
