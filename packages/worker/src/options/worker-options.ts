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
import { databaseOption } from "./database-option.js";
import { functionsByName, orFalse, secretOption, templatesOption } from "./option-types.js";

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
  /** The key's owner. Logs contain this name. */
  name: textOption(),
  /** The key itself. */
  key: secretOption("a key: a string that is not empty"),
  /** What the key allows. */
  rights: z.array(z.enum(["read", "write"])).readonly(),
});

export const httpOptionsSchema = z.strictObject({
  /** The address or host name to listen on. @default "127.0.0.1" */
  host: z._default(
    textOption("an IP address or a host name, without a port", isListenHost),
    "127.0.0.1",
  ),
  /** The port to listen on; 0 takes a free one. @default 8081 */
  port: z._default(wholeNumberOption(0, 65_535), 8_081),
  /** The host names (header `Host`, without its port) that callers may use besides IP addresses. A listener on loopback always allows `localhost` and `host`. @default any, unless `host` is on loopback */
  allowedHosts: z
    .array(textOption("an IP address or a host name, without a port", isListenHost))
    .readonly()
    .optional(),
  /** The groups of endpoints to offer. @default all */
  groups: z.array(z.enum(groupNames)).readonly().default(groupNames),
  /** Whether HTTP offers writes, or the groups whose writes it offers. @default false */
  writes: z.union([z.boolean(), z.array(z.enum(groupNames)).readonly()]).default(false),
  /** The keys that callers need. @default none: everybody who reaches the port may read */
  auth: z
    .strictObject({
      /** The header that carries the key; `Authorization: Bearer <key>` works too. @default "X-API-Key" */
      header: z._default(textOption(), "X-API-Key"),
      /** The accepted keys. */
      keys: z.array(apiKeySchema).readonly(),
      /** Whether the probes and /metrics require a key too. @default false */
      protectProbes: z.boolean().default(false),
    })
    .optional(),
});

export const workerOptionsSchema = z.strictObject({
  /** The database with the queues. A pool stays yours, and open. @default a temporary embedded PostgreSQL, for development */
  database: z.optional(databaseOption),
  /** A direct URL for LISTEN if `database` is a transaction pooler. @default that of `database` */
  listenUrl: secretOption("a URL such as postgres://…").optional(),
  /** The most connections that the worker opens, if it has its own pool. @default 10 */
  poolSize: z._default(wholeNumberOption(1, 10_000), 10),
  /** How long a statement waits for a free connection. @default 10000 */
  acquireTimeoutMs: z._default(delayMs(), 10_000),
  /** Whether statements may be prepared by name. If the server refuses one, the worker stops preparing statements. @default true */
  preparedStatements: z.boolean().default(true),
  /** The namespaces whose queues the worker serves. @default those of the templates */
  namespaces: z
    .array(textOption(`a namespace. ${namespaceRule}`, isNamespace))
    .readonly()
    .superRefine(rejectDuplicates)
    .default([]),
  /** The functions that run steps, by the `callable` that templates name. @default none */
  handlers: functionsByName<StepHandler>("`{ [callable]: StepHandler }`").default({}),
  /** Globs of template files, or a source, such as Tasker's registry (`createPostgresSource`), which you close yourself. @default the YAML files below config/tasks */
  templates: templatesOption.default(["config/tasks/**/*.{yml,yaml}"]),
  /** How often the worker checks template files for changes. @default never */
  templateWatchIntervalMs: z.optional(delayMs(100)),
  /** How many templates the cache keeps, and for how long. @default 1000 for 300 s */
  templateCache: z
    .strictObject({
      maxEntries: z._default(wholeNumberOption(1, 1_000_000), 1_000),
      ttlSeconds: z._default(numberOption(0.001, 31_536_000, { unit: "s" }), 300),
    })
    .prefault({}),
  /** How many steps run at once. @default 10 */
  concurrency: z._default(wholeNumberOption(1, 10_000), 10),
  /** The most steps in flight: claimed ahead, running, or with an outcome not yet written. @default 1000 */
  bufferSize: z._default(wholeNumberOption(1, 1_000_000), 1_000),
  /** The most steps that the first claim takes from a queue on which nothing is known to wait. @default 20 */
  batchSize: z._default(wholeNumberOption(1, 10_000), 20),
  /** How often the worker polls an idle queue. It polls queues whose inserts notify every 5 s, or at this interval if it is longer. @default 1000 */
  pollingIntervalMs: z._default(delayMs(), 1_000),
  /** How workers learn of new steps besides polling: `"off"` only polls. @default "auto" */
  notifications: z.enum(["auto", "off"]).default("auto"),
  /** How long a claimed step stays hidden from other workers. The worker renews this while the handler runs. @default 30 */
  visibilityTimeoutSeconds: z._default(wholeNumberOption(1, 2_147_483, { unit: "s" }), 30),
  /** How long a handler may run if its step sets no time-out. @default 30000 */
  handlerTimeoutMs: z._default(delayMs(), 30_000),
  /** How long workers give back a step that they cannot run before it becomes a dead letter. @default 600 */
  unknownStepGiveBackSeconds: z._default(wholeNumberOption(0, 2_147_483, { unit: "s" }), 600),
  /** How late the event loop may be before the worker claims more slowly. @default any time */
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
  /** A file that a live worker writes every 5 s. @default none */
  heartbeatFile: z.optional(textOption()),
  /** How long a request over HTTP or the socket may take. @default 30000 */
  requestTimeoutMs: z._default(delayMs(), 30_000),
  /** Whether the worker reports itself to the fleet: the workers that share its database. @default true */
  fleet: z.boolean().default(true),
  /** Your own health checks. @default none */
  checks: healthServiceOptionsSchema.shape.checks,
  /** The thresholds of health: options of `createHealthService`. @default its own */
  health: z
    .prefault(omit(healthServiceOptionsSchema, { database: true, context: true, checks: true }), {})
    .meta({ type: "`{ slowMs?, … }`" }),
  /** Liveness fails if the pool has failed for this long while the database answered other connections. @default 60000 */
  poolDeadAfterMs: z._default(delayMs(), 60_000),
  /** The sliding window over which step errors are counted. @default 300 */
  errorWindowSeconds: z._default(wholeNumberOption(1, 86_400, { unit: "s" }), 300),
  /** How metrics are collected: options of `createMetricsService`. @default its own, and `nodeMetrics: true` */
  metrics: metricsServiceOptionsSchema
    .omit({ context: true, health: true, templateCache: true })
    .extend({ nodeMetrics: z.boolean().default(true) })
    .prefault({})
    .meta({ type: "`{ cacheTtlMs?, … }`" }),
  /** The Pushgateway that the worker pushes its metrics to. `stop()` deletes them there. @default none */
  metricsPush: z
    .strictObject({
      /** The Pushgateway's address, http or https, with a user and a password if needed. */
      url: secretOption("a whole http or https URL, without query and fragment", isPushUrl),
      ...omit(pushMetricsOptionsSchema, { service: true, url: true }).shape,
    })
    .optional()
    .meta({ type: "`{ url, intervalMs?, timeoutMs?, jobName?, groupings? }`" }),
  /** The functions that build the payloads of events, by the `publisher` that declarations name. @default the handler's result */
  publishers: functionsByName<EventPublisher>("`{ [name]: EventPublisher }`").default({}),
  /** Your own circuit breakers, shown with the worker's. @default none */
  circuitBreakers: z.optional(
    objectLike<CircuitBreakers>({
      name: "a CircuitBreakers",
      methods: ["states"],
    }),
  ),
  /** Your application's version, for metrics and health. @default that of this package */
  version: z.optional(textOption()),
  /** The worker's id. Set one if a host runs several workers. @default the host's name, followed by PM2's NODE_APP_INSTANCE */
  workerId: z.optional(textOption()),
  /** What kind of worker this is; a label of its metrics. @default "general" */
  workerType: z._default(textOption(), "general"),
  /** The worker's additional capabilities, as templates name them: `["batch_processing"]`. @default none */
  capabilities: z.array(textOption()).readonly().default([]),
  /** The environment's name. In production the worker refuses to start without a `database`. @default TASKER_ENV, else "development" */
  environment: z.optional(textOption()),
  /** The answer of the operation `config_runtime`: the result of `loadConfig()`. @default these options, secrets masked */
  loadedConfig: z.optional(
    objectLike<LoadedConfig>({
      name: "a LoadedConfig",
      methods: ["redacted"],
      hint: "loadConfig() and resolveConfig() make one.",
    }),
  ),
  /** Receives log lines, with secrets masked. @default silent */
  logger: z.optional(loggerOption),
  /** The clock, in tests. @default the machine's */
  clock: z.optional(clockOption),
});

/** Options of `createWorker`; all have a default. */
export type CreateWorkerOptions = z.input<typeof workerOptionsSchema>;
/** The options with their defaults filled in. */
export type WorkerSettings = z.output<typeof workerOptionsSchema>;

/** @throws ObservabilityError INVALID_PARAMS that lists every wrong option. */
export function resolveWorkerOptions(options: CreateWorkerOptions): WorkerSettings {
  return parseOptions("createWorker", workerOptionsSchema, options);
}
