import type { LoadedConfig } from "@tasker-observability/config";
import {
  type CircuitBreakers,
  operationGroups,
  type OperationGroup,
} from "@tasker-observability/core";
import {
  clockOption,
  delayMs,
  isListenHost,
  loggerOption,
  numberOption,
  objectLike,
  parseOptions,
  textOption,
  wholeNumberOption,
} from "@tasker-observability/core/options";
import { healthServiceOptionsSchema } from "@tasker-observability/health";
import {
  metricsServiceOptionsSchema,
  pushMetricsOptionsSchema,
} from "@tasker-observability/metrics";
import { isNamespace, namespaceRule } from "@tasker-observability/templates";
import * as z from "zod";
import { omit } from "zod/mini";
import type { EventPublisher } from "../events/step-events.js";
import type { StepHandler } from "../running/step-handler.js";
import {
  databaseOption,
  functionsByName,
  orFalse,
  secretOption,
  templatesOption,
} from "./option-types.js";

const groupNames = Object.keys(operationGroups) as [OperationGroup, ...OperationGroup[]];

function rejectDuplicates(names: readonly string[], context: z.RefinementCtx): void {
  for (const [index, name] of names.entries()) {
    const first = names.indexOf(name);
    if (first !== index)
      context.addIssue({
        code: "custom",
        path: [index],
        message: `namespaces[${index}] is the same as namespaces[${first}]: list each once.`,
      });
  }
}

function isPushUrl(url: string): boolean {
  return pushMetricsOptionsSchema.shape.url.safeParse(url).success;
}

const apiKeySchema = z.strictObject({
  /** Whose key it is; logs say this name. */
  name: textOption(),
  /** The key itself. */
  key: secretOption("a key: a string that is not empty"),
  /** What the key allows. */
  rights: z.array(z.enum(["read", "write"])).readonly(),
});

export const httpOptionsSchema = z.strictObject({
  /** Where to listen: an address or a host name. @default "127.0.0.1" */
  host: z._default(
    textOption("an IP address or a host name, without a port", isListenHost),
    "127.0.0.1",
  ),
  /** Which port; 0 takes a free one. @default 8081 */
  port: z._default(wholeNumberOption(0, 65_535), 8_081),
  /** The host names that callers may use (header `Host`, without its port), besides IP addresses. On loopback, `localhost` and `host` are always allowed. @default any, unless `host` is on loopback */
  allowedHosts: z
    .array(textOption("an IP address or a host name, without a port", isListenHost))
    .readonly()
    .optional(),
  /** The groups of endpoints that there are. @default all */
  groups: z.array(z.enum(groupNames)).readonly().default(groupNames),
  /** Whether HTTP offers writes. @default false */
  writes: z.boolean().default(false),
  /** The keys that callers need. @default none: whoever reaches the port may read */
  auth: z
    .strictObject({
      /** The header that carries the key; `Authorization: Bearer <key>` does too. @default "X-API-Key" */
      header: z._default(textOption(), "X-API-Key"),
      /** The keys that are accepted. */
      keys: z.array(apiKeySchema).readonly(),
      /** Whether the probes and /metrics ask for a key too. @default false */
      protectProbes: z.boolean().default(false),
    })
    .optional(),
});

export const workerOptionsSchema = z.strictObject({
  /** Where the queues are. A pool stays yours, and open. @default a temporary PostgreSQL of the worker's own, for development */
  database: z.optional(databaseOption),
  /** A direct URL for LISTEN, where `database` leads to a transaction pooler. @default that of `database` */
  listenUrl: secretOption("a URL such as postgres://…").optional(),
  /** How many connections a pool of the worker's own opens. @default 10 */
  poolSize: z._default(wholeNumberOption(1, 10_000), 10),
  /** How long a statement waits for a free connection. @default 10000 */
  acquireTimeoutMs: z._default(delayMs(), 10_000),
  /** Whether statements may be prepared by name. A server that refuses one switches it off. @default true */
  preparedStatements: z.boolean().default(true),
  /** The namespaces whose queues it works on. @default those of the templates */
  namespaces: z
    .array(textOption(`a namespace. ${namespaceRule}`, isNamespace))
    .readonly()
    .superRefine(rejectDuplicates)
    .default([]),
  /** What runs the steps, by the `callable` that templates name. @default none */
  handlers: functionsByName<StepHandler>("`{ [callable]: StepHandler }`").default({}),
  /** Globs of template files, or a source: Tasker's registry (`createPostgresSource`), which stays yours to close. @default the YAML files below config/tasks */
  templates: templatesOption.default(["config/tasks/**/*.{yml,yaml}"]),
  /** How often template files are checked for changes. @default never */
  templateWatchIntervalMs: z.optional(delayMs(100)),
  /** How many templates are kept, and for how long. @default 1000 for 300 s */
  templateCache: z
    .strictObject({
      maxEntries: z._default(wholeNumberOption(1, 1_000_000), 1_000),
      ttlSeconds: z._default(numberOption(0.001, 31_536_000, { unit: "s" }), 300),
    })
    .prefault({}),
  /** How many steps run at once. @default 10 */
  concurrency: z._default(wholeNumberOption(1, 10_000), 10),
  /** How many steps are in flight at once: claimed ahead, running, or with an outcome that is not written yet. @default 1000 */
  bufferSize: z._default(wholeNumberOption(1, 1_000_000), 1_000),
  /** The most steps that the first claim takes from a queue on which nothing is known to wait. @default 20 */
  batchSize: z._default(wholeNumberOption(1, 10_000), 20),
  /** Polling interval of an idle queue. @default 1000 */
  pollingIntervalMs: z._default(delayMs(), 1_000),
  /** How workers learn of new steps besides polling: `"off"` only polls. @default "auto" */
  notifications: z.enum(["auto", "off"]).default("auto"),
  /** How long a claimed step stays hidden from other workers; renewed while its handler runs. @default 30 */
  visibilityTimeoutSeconds: z._default(wholeNumberOption(1, 2_147_483, { unit: "s" }), 30),
  /** How long a handler may run where its step sets no time-out. @default 30000 */
  handlerTimeoutMs: z._default(delayMs(), 30_000),
  /** How long a step that no worker can run goes back to its queue before it is a dead letter. @default 600 */
  unknownStepGiveBackSeconds: z._default(wholeNumberOption(0, 2_147_483, { unit: "s" }), 600),
  /** How late the event loop may be before claiming slows down. @default any time */
  maxEventLoopLagMs: z.optional(numberOption(0, Number.MAX_SAFE_INTEGER, { unit: "ms" })),
  /** How long `stop()` waits for running steps. @default 30000 */
  drainTimeoutMs: z._default(delayMs(0), 30_000),
  /** The HTTP listener; `false` opens no port. @default false */
  http: orFalse(httpOptionsSchema)
    .default(false)
    .meta({ type: "`{ host?, port?, allowedHosts?, groups?, writes?, auth? }` or `false`" }),
  /** A Unix socket for callers in other processes. @default none */
  socketPath: z.optional(textOption()),
  /** Whether the socket offers writes. @default false */
  socketWrites: z.boolean().default(false),
  /** A file that is written every 5 s while the worker is alive. @default none */
  heartbeatFile: z.optional(textOption()),
  /** Time-out of a request over HTTP or the socket. @default 30000 */
  requestTimeoutMs: z._default(delayMs(), 30_000),
  /** Your own health checks. @default none */
  checks: healthServiceOptionsSchema.shape.checks,
  /** The thresholds of health: the options of `createHealthService`. @default its own */
  health: z
    .prefault(omit(healthServiceOptionsSchema, { database: true, context: true, checks: true }), {})
    .meta({ type: "`{ slowMs?, … }`" }),
  /** How long the pool may hand out no connection, while the database answers outside of it, before the worker counts as dead. @default 60000 */
  poolDeadAfterMs: z._default(delayMs(), 60_000),
  /** Over how long step errors are counted. @default 300 */
  errorWindowSeconds: z._default(wholeNumberOption(1, 86_400, { unit: "s" }), 300),
  /** How metrics are collected: the options of `createMetricsService`. @default its own, and `nodeMetrics: true` */
  metrics: metricsServiceOptionsSchema
    .omit({ context: true, health: true, templateCache: true })
    .extend({ nodeMetrics: z.boolean().default(true) })
    .prefault({})
    .meta({ type: "`{ cacheTtlMs?, … }`" }),
  /** A Pushgateway to which the metrics are pushed, from `start()` to the end of `stop()`, which deletes them there. @default none */
  metricsPush: z
    .strictObject({
      /** Its address, http or https, with a user and a password where it wants them. */
      url: secretOption("a whole http or https URL, without query and fragment", isPushUrl),
      ...omit(pushMetricsOptionsSchema, { service: true, url: true }).shape,
    })
    .optional()
    .meta({ type: "`{ url, intervalMs?, timeoutMs?, jobName?, groupings? }`" }),
  /** What builds the payloads of events, by the `publisher` that their declaration names. @default the handler's result */
  publishers: functionsByName<EventPublisher>("`{ [name]: EventPublisher }`").default({}),
  /** Circuit breakers of your own, shown beside the worker's. @default none */
  circuitBreakers: z.optional(
    objectLike<CircuitBreakers>({
      name: "a CircuitBreakers",
      methods: ["states"],
    }),
  ),
  /** Your application's version, for metrics and health. @default that of this package */
  version: z.optional(textOption()),
  /** The worker's id. Set one where a host runs several workers. @default the host's name, with PM2's NODE_APP_INSTANCE behind it */
  workerId: z.optional(textOption()),
  /** What kind of worker it is; a label of its metrics. @default "general" */
  workerType: z._default(textOption(), "general"),
  /** What it can do besides what every worker can, as templates ask for it: `["batch_processing"]`. @default none */
  capabilities: z.array(textOption()).readonly().default([]),
  /** The environment's name. In production the worker refuses to start without a `database`. @default TASKER_ENV, else "development" */
  environment: z.optional(textOption()),
  /** What the operation `config_runtime` answers: what `loadConfig()` read. @default these options, secrets masked */
  loadedConfig: z.optional(
    objectLike<LoadedConfig>({
      name: "a LoadedConfig",
      methods: ["redacted"],
      hint: "loadConfig() and resolveConfig() make one.",
    }),
  ),
  /** Takes log lines, without their secrets. @default silent */
  logger: z.optional(loggerOption),
  /** The clock, in tests. @default the machine's */
  clock: z.optional(clockOption),
});

/** Options of `createWorker`; all have a default. */
export type CreateWorkerOptions = z.input<typeof workerOptionsSchema>;
/** The options with their defaults filled in. */
export type WorkerSettings = z.output<typeof workerOptionsSchema>;

/** @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options. */
export function resolveWorkerOptions(options: CreateWorkerOptions): WorkerSettings {
  return parseOptions("createWorker", workerOptionsSchema, options);
}
