import { defaultWorkerId } from "@tasker-observability/config";
import {
  createSafeLogger,
  createWorkerContext,
  type Logger,
  type Operations,
  silentLogger,
  type WorkerContext,
} from "@tasker-observability/core";
import {
  createObservabilityListener,
  type ListenerOptions,
  type ObservabilityListener,
} from "@tasker-observability/http-express";
import { createFleetStore } from "@tasker-observability/fleet";
import { createHandlers, createTemplateService } from "@tasker-observability/templates";
import { assertPersistentDatabase } from "./database/assert-persistent-database.js";
import { createEventsAndBreakers } from "./events/create-events.js";
import { createPorts } from "./bootstrap/create-ports.js";
import { capabilitiesOf } from "./bootstrap/worker-capabilities.js";
import { createServices } from "./bootstrap/create-services.js";
import { createDeferredDatabase } from "./database/deferred-database.js";
import { createWorkerPolicy, toListenerOptions } from "./transports/http-options.js";
import { createStepPlans } from "./templates/step-plans.js";
import { createTemplateWarnings } from "./templates/template-warnings.js";
import { openTemplates } from "./templates/open-templates.js";
import { queuesToServe } from "./preparation/queues-to-serve.js";
import { StepEngine } from "./engine/step-engine.js";
import { settingNames } from "./options/setting-names.js";
import { createRedactedConfig, type RedactedConfig } from "./options/redacted-config.js";
import {
  type CreateWorkerOptions,
  resolveWorkerOptions,
  type WorkerSettings,
} from "./options/worker-options.js";
import type { NamespaceQueues } from "./queues/step-queues.js";
import { WorkerStartError } from "./worker-start-error.js";
import { packageVersion } from "./version.js";
import { Worker } from "./worker.js";

/**
 * Makes a worker. It reads the template files and opens nothing: `start()` does that.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every problem of the options; WorkerStartError in production without a
 * database, and if HTTP cannot be served.
 * @example
 * const worker = await createWorker({
 *   database: process.env.DATABASE_URL,
 *   namespaces: ["payments"],
 *   handlers: { "Payments::Charge": async (input) => charge(input) },
 * });
 * await worker.start();
 */
export async function createWorker(options: CreateWorkerOptions = {}): Promise<Worker> {
  const settings = resolveWorkerOptions(options);
  const config = createRedactedConfig(settings);
  assertPersistentDatabase(settings, settings.environment ?? config.environment);
  const logger = createSafeLogger(settings.logger ?? silentLogger, config.redactor);
  logConfigNotices(config, logger);
  const templateFiles = openTemplates(settings, logger);
  const queues = await queuesToServe(settings, templateFiles.source, logger);
  // Without ports: they are made from the engine, which needs this context.
  const base = createBaseContext({ settings, config, queues, logger });
  const events = createEventsAndBreakers({ ...settings, context: base });
  const handlers = createHandlers(Object.keys(settings.handlers));
  const source = { source: templateFiles.source, handlers, context: base };
  const templateWarnings = createTemplateWarnings({
    ...source,
    followsTemplates: settings.namespaces.length === 0,
  });
  const templates = createTemplateService({
    ...source,
    cacheMaxEntries: settings.templateCache.maxEntries,
    cacheTtlSeconds: settings.templateCache.ttlSeconds,
    stepTimeoutSeconds: settings.handlerTimeoutMs / 1_000,
  });
  const database = createDeferredDatabase();
  const engine = new StepEngine({
    ...settings,
    context: base,
    client: database,
    queues,
    listenUrlSetting: settingNames(settings).listenUrl,
    findPlan: createStepPlans({
      handlers: settings.handlers,
      resolveTemplate: (identity) => templates.resolveTemplate(identity),
      statistics: base.steps,
      eventsOf: (step, attempt) => events.stepEvents.eventsOf(step, attempt),
    }),
    outcomeBreaker: events.outcomeBreaker,
  });
  const { clock } = base;
  const fleet = settings.fleet ? createFleetStore({ client: database, clock }) : undefined;
  const ports = createPorts({ queues, database, events, engine, fleet, clock });
  const context: WorkerContext = Object.freeze({ ...base, ports });
  const services = createServices({ ...settings, context, config, templates });
  const policy = createWorkerPolicy(settings);
  const httpListener = await createHttpListener(services.operations, settings, policy);
  return new Worker({
    settings,
    context,
    database,
    engine,
    fleet,
    services,
    policy,
    httpListener,
    queues,
    bus: events.bus,
    templateWarnings,
    closeTemplates: templateFiles.close,
  });
}

function logConfigNotices({ notices, unknown_keys }: RedactedConfig, logger: Logger): void {
  for (const notice of notices) logger("warn", notice);
  for (const { path, hint } of unknown_keys)
    if (hint !== null) logger("warn", `${path} has no effect. ${hint}`);
}

/** Null if HTTP is disabled. */
async function createHttpListener(
  operations: Operations,
  settings: WorkerSettings,
  policy: Worker["policy"],
): Promise<ObservabilityListener | null> {
  const { http, requestTimeoutMs } = settings;
  if (http === false) return null;
  try {
    return createObservabilityListener(operations, {
      ...toListenerOptions(http, requestTimeoutMs, policy),
      dashboard: http.groups.includes("dashboard") ? await loadDashboard() : undefined,
    });
  } catch (error) {
    throw new WorkerStartError(
      `${settingNames(settings).http} cannot be served: ${error instanceof Error ? error.message : "unknown reason"}`,
      { cause: error },
    );
  }
}

/** Only a worker that shows the page loads it. */
async function loadDashboard(): Promise<ListenerOptions["dashboard"]> {
  return (await import("@tasker-observability/dashboard")).dashboardFiles;
}

interface ContextParts {
  readonly settings: WorkerSettings;
  readonly config: RedactedConfig;
  readonly queues: readonly NamespaceQueues[];
  readonly logger: Logger;
}

function createBaseContext({ settings, config, queues, logger }: ContextParts): WorkerContext {
  return createWorkerContext({
    workerId: settings.workerId ?? defaultWorkerId(),
    workerType: settings.workerType,
    version: settings.version ?? packageVersion,
    environment: settings.environment ?? config.environment,
    namespaces: queues.map((queue) => queue.namespace),
    capabilities: capabilitiesOf(settings),
    lifecycle: "created",
    clock: settings.clock,
    logger,
    redactor: config.redactor,
    stepWindowSeconds: settings.errorWindowSeconds,
  });
}
