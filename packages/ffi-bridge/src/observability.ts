import {
  createWorkerContext,
  type Operations,
  type WorkerContext,
} from "@tasker-observability/core";
import {
  type ConfigQueries,
  createConfigOperations,
  createConfigService,
} from "@tasker-observability/config";
import {
  createHealthOperations,
  createHealthService,
  type HealthQueries,
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
} from "@tasker-observability/templates";
import {
  createWorkOperations,
  createWorkService,
  type WorkQueries,
} from "@tasker-observability/work";
import { parseOptions } from "@tasker-observability/core/options";
import type { ExactOptions } from "./exact-options.js";
import type { CallOf } from "./facade-of.js";
import { createFacade, type FacadeParts, type ObservabilityFacade } from "./facade.js";
import type {
  ConfigMethods,
  FacadeBase,
  HealthMethods,
  MetricsMethods,
  TemplateMethods,
  WorkMethods,
} from "./observability-methods.js";
import {
  healthMethods,
  metricsMethods,
  type ObservabilityOptions,
  observabilityOptionsSchema,
  templateMethods,
} from "./observability-options.js";
import { isLoaded } from "./other-worker.js";
import { canAnswer, isService } from "./service-shape.js";

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
  WhenGiven<Options, "context" | "work", WorkMethods> &
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
  const work = workOf(options, open);
  const operations: Operations = {
    ...(health === null ? {} : createHealthOperations(health)),
    ...(metrics === null ? {} : createMetricsOperations(metrics)),
    ...(templates === null ? {} : createTemplateOperations(templates)),
    ...(config === null ? {} : createConfigOperations(config)),
    ...(work === null ? {} : createWorkOperations(work)),
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

function workOf({ work, context }: ObservabilityOptions, open: Open): WorkQueries | null {
  if (work !== undefined) return work;
  return context === undefined ? null : open(createWorkService({ context }));
}

function configOf({ config }: ObservabilityOptions, context: WorkerContext): ConfigQueries | null {
  return isLoaded(config) ? createConfigService({ config, context }) : (config ?? null);
}
