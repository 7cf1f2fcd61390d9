import {
  createWorkerContext,
  type Operations,
  type WorkerContext,
} from "@tasker-observability/core";
import {
  type ConfigQueries,
  createConfigOperations,
  createConfigService,
  type LoadedConfig,
} from "@tasker-observability/config";
import {
  createHealthOperations,
  createHealthService,
  type HealthQueries,
  type HealthServiceOptions,
} from "@tasker-observability/health";
import {
  createMetricsOperations,
  createMetricsService,
  type MetricsQueries,
  type MetricsServiceOptions,
} from "@tasker-observability/metrics";
import {
  createTemplateOperations,
  createTemplateService,
  type TemplateQueries,
  type TemplateServiceOptions,
} from "@tasker-observability/templates";
import { contextOption, parseOptions, policyOption } from "@tasker-observability/core/options";
import * as z from "zod";
import type { ExactOptions } from "./exact-options.js";
import type { CallOf } from "./facade-of.js";
import { createFacade, type FacadeParts, type ObservabilityFacade } from "./facade.js";
import type {
  ConfigMethods,
  FacadeBase,
  HealthMethods,
  MetricsMethods,
  TemplateMethods,
} from "./observability-methods.js";
import { operationsOption } from "./option-types.js";
import { isLoaded, validateOwner } from "./other-worker.js";
import { canAnswer, isService, serviceOption } from "./service-shape.js";

const healthMethods = ["basicHealth", "liveness", "readiness", "detailed"] as const;
const metricsMethods = ["prometheusFormat", "collectMetrics", "domainEventStats"] as const;
const templateMethods = [
  "listTemplates",
  "getTemplate",
  "validateTemplate",
  "cacheStats",
  "clearCache",
  "maintainCache",
  "refreshTemplate",
] as const;
const configMethods = ["runtimeConfig", "environment"] as const;

const loadedConfigParts = {
  parts: ["environment", "settings", "redactor"],
  from: "loadConfig gives one",
};

const optionsShape = z.strictObject({
  /** The worker to answer for. Health and metrics read it. @default a new one, running, with the id of the configuration if there is one */
  context: z.optional(contextOption),
  /** Your own handle, as `createHealthService` takes it; it stays yours. @default the context's */
  database: z
    .custom<NonNullable<HealthServiceOptions["database"]>>()
    .meta({ type: "`pg` Pool, postgres.js `sql` or `Database`" })
    .optional(),
  /** Health as a service, or options for one. @default made if there is a context or a database */
  health: serviceOption<HealthQueries, Omit<HealthServiceOptions, "context" | "database">>(
    "health",
    healthMethods,
  ).optional(),
  /** Metrics as a service, or options for one. @default made if there is a context or a database */
  metrics: serviceOption<
    MetricsQueries,
    Omit<MetricsServiceOptions, "context" | "health" | "templateCache">
  >("metrics", metricsMethods).optional(),
  /** Templates as a service, or options for one, with the `source` of the templates. @default none */
  templates: serviceOption<TemplateQueries, Omit<TemplateServiceOptions, "context">>(
    "templates",
    templateMethods,
  ).optional(),
  /** A service, or the result of `loadConfig`. @default none */
  config: serviceOption<ConfigQueries, LoadedConfig>("config", configMethods, loadedConfigParts)
    .meta({ type: "a service, or a `LoadedConfig`" })
    .optional(),
  /** Your own operations from `defineOperation`, by name: `call` runs them, and every transport carries them. @default none */
  operations: (operationsOption as z.ZodType<Operations, Operations>).optional(),
  /** What may be called. @default everything is allowed in process */
  policy: z.optional(policyOption),
});

export const observabilityOptionsSchema = optionsShape
  .refine(
    (options) =>
      Object.entries(options).some(([name, value]) => name !== "policy" && value !== undefined),
    {
      error:
        "createObservability needs something to report on: pass a context, a database or a service.",
    },
  )
  .refine(
    ({ database, health }) =>
      database === undefined || !isService<HealthQueries>(health, healthMethods),
    {
      error:
        "database is only for a health service that the facade creates: pass it to your own service instead.",
    },
  )
  .superRefine(({ context, config }, issues) => {
    const owner = isLoaded(config) ? createConfigService({ config }).owner : config?.owner;
    if (context !== undefined && owner !== undefined) validateOwner(context, owner, issues);
  });
/** Options of {@link createObservability}: services, their options, or both. */
export type ObservabilityOptions = z.input<typeof observabilityOptionsSchema>;

/** `Methods` if at least one of the options is certain to be present. */
type WhenGiven<Options, Keys extends string, Methods> = true extends (
  Keys extends unknown ? (Options extends Readonly<Record<Keys, object>> ? true : false) : never
)
  ? Methods
  : unknown;

/** The facade over the services that the options pass or create. */
export type ObservabilityOf<Options> = OwnCalls<Options> &
  FacadeBase &
  WhenGiven<Options, "context" | "database" | "health", HealthMethods> &
  WhenGiven<Options, "context" | "database" | "metrics", MetricsMethods> &
  WhenGiven<Options, "templates", TemplateMethods> &
  WhenGiven<Options, "config", ConfigMethods>;

type OwnCalls<Options> = Options extends { readonly operations: infer Own extends Operations }
  ? CallOf<Own>
  : unknown;

type NoUnknownOptions<Options> = ExactOptions<
  Options,
  ObservabilityOptions,
  "health" | "metrics" | "templates",
  HealthQueries | MetricsQueries | TemplateQueries
>;

/**
 * A facade over a worker in this process, without HTTP. It starts nothing and opens nothing.
 *
 * @throws ObservabilityError INVALID_PARAMS if the options are contradictory, or name nothing to report on.
 * @example
 * const observability = createObservability({ database: pool });
 * if (!(await observability.ready())) console.error(await observability.healthReady());
 */
export function createObservability<const Options extends ObservabilityOptions>(
  options: Options & NoUnknownOptions<Options>,
): ObservabilityOf<Options> {
  const parsed = parseOptions("createObservability", observabilityOptionsSchema, options);
  return createFacade(toFacadeParts(parsed)) as ObservabilityFacade & ObservabilityOf<Options>;
}

/** Makes the services and combines them. */
function toFacadeParts(options: ObservabilityOptions): FacadeParts {
  const opened: { close(): void }[] = [];
  const open = <Service extends { close(): void }>(service: Service): Service => {
    opened.push(service);
    return service;
  };
  const hasWorker = options.context !== undefined || options.database !== undefined;
  const base = options.context ?? contextOf(options.config);
  const health = healthOf(options, base, hasWorker, open);
  // The health service knows the pool that came as `database`; metrics read its numbers from there.
  const context =
    health !== null && options.database !== undefined ? (health.context as WorkerContext) : base;
  const templates = templatesOf(options, context);
  const metrics = metricsOf(options, { context, health, templates }, hasWorker, open);
  const config = configOf(options, context);
  const operations: Operations = {
    ...(health === null ? {} : createHealthOperations(health)),
    ...(metrics === null ? {} : createMetricsOperations(metrics)),
    ...(templates === null ? {} : createTemplateOperations(templates)),
    ...(config === null ? {} : createConfigOperations(config)),
  };
  return {
    operations: { worker: { operations }, own: { operations: options.operations ?? {} } },
    policy: options.policy,
    close: () => opened.forEach((service) => service.close()),
  };
}

type Open = <Service extends { close(): void }>(service: Service) => Service;

function contextOf(config: ObservabilityOptions["config"]): WorkerContext {
  if (!isLoaded(config)) return createWorkerContext();
  const { worker_id: workerId, worker_type: workerType, namespaces } = config.settings.worker;
  return createWorkerContext({ workerId, workerType, namespaces, environment: config.environment });
}

function healthOf(
  { health, database }: ObservabilityOptions,
  context: WorkerContext,
  hasWorker: boolean,
  open: Open,
): HealthQueries | null {
  if (health === undefined)
    return hasWorker ? open(createHealthService({ context, database })) : null;
  if (isService<HealthQueries>(health, healthMethods)) return health;
  return open(createHealthService({ ...health, context, database }));
}

interface Sources {
  readonly context: WorkerContext;
  readonly health: HealthQueries | null;
  readonly templates: TemplateQueries | null;
}

function metricsOf(
  { metrics }: ObservabilityOptions,
  sources: Sources,
  hasWorker: boolean,
  open: Open,
): MetricsQueries | null {
  if (metrics === undefined && !hasWorker) return null;
  if (metrics !== undefined && isService<MetricsQueries>(metrics, metricsMethods)) return metrics;
  const health = canAnswer<NonNullable<MetricsServiceOptions["health"]>>(sources.health, "statuses")
    ? sources.health
    : undefined;
  const templateCache = canAnswer<NonNullable<MetricsServiceOptions["templateCache"]>>(
    sources.templates,
    "counts",
  )
    ? sources.templates
    : undefined;
  return open(
    createMetricsService({ ...metrics, context: sources.context, health, templateCache }),
  );
}

function templatesOf(
  { templates }: ObservabilityOptions,
  context: WorkerContext,
): TemplateQueries | null {
  if (templates === undefined) return null;
  if (isService<TemplateQueries>(templates, templateMethods)) return templates;
  return createTemplateService({ ...templates, context });
}

function configOf({ config }: ObservabilityOptions, context: WorkerContext): ConfigQueries | null {
  return isLoaded(config) ? createConfigService({ config, context }) : (config ?? null);
}
