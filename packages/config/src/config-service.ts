import { createWorkerContext, type WorkerContext } from "@tasker-observability/core";
import { contextOption, objectLike, parseOptions } from "@tasker-observability/core/options";
import * as z from "zod";
import {
  type ConfigOperations,
  type ConfigOwner,
  createConfigOperations,
} from "./config-operations.js";
import type { LoadedConfig } from "./loaded-config.js";
import type { RuntimeConfig } from "./runtime-config.js";

const configServiceOptionsSchema = z.strictObject({
  /** The result of `loadConfig` or `resolveConfig`. */
  config: objectLike<ServedConfig>({
    name: "a LoadedConfig",
    methods: ["redacted"],
    hint: "loadConfig() and resolveConfig() make one.",
  }),
  /** The worker to answer for. @default one made from the configuration */
  context: z.optional(contextOption),
});
/** Options of {@link createConfigService}. */
export type ConfigServiceOptions = z.input<typeof configServiceOptionsSchema>;

type ServedConfig = Pick<LoadedConfig, "environment" | "redacted"> &
  Partial<Pick<LoadedConfig, "settings" | "origins">>;

/** Answers how a worker is configured. It has only the redacted configuration. */
export class ConfigService {
  /** The worker to answer for. */
  readonly context: WorkerContext;
  /** The worker that the configuration belongs to. */
  readonly owner: ConfigOwner;
  /** The service's operations, for transports. */
  readonly operations: ConfigOperations;
  readonly #config: ServedConfig;

  /** @throws ObservabilityError INVALID_PARAMS that names every wrong option. */
  constructor(options: ConfigServiceOptions) {
    const { config, context } = parseOptions(
      "createConfigService",
      configServiceOptionsSchema,
      options,
    );
    this.context = context ?? contextOf(config);
    this.owner = ownerOf(config);
    this.#config = config;
    this.operations = createConfigOperations(this);
  }

  /**
   * The configuration in use, secrets masked: a frozen plain object.
   *
   * @throws ObservabilityError INTERNAL, without data, if redaction fails.
   */
  async runtimeConfig(): Promise<RuntimeConfig> {
    const { common, worker, redacted_fields } = this.#config.redacted();
    const metadata = Object.freeze({
      timestamp: this.context.timestamp(),
      source: "runtime",
      redacted_fields: redacted_fields as string[],
    } as const);
    return Object.freeze({ environment: this.#config.environment, common, worker, metadata });
  }

  /** The environment's name. */
  async environment(): Promise<string> {
    return this.#config.environment;
  }
}

/**
 * Makes the service.
 *
 * @example
 * const service = createConfigService({ config: loadConfig() });
 * (await service.runtimeConfig()).metadata.redacted_fields; // ["common.database.url"]
 */
export function createConfigService(options: ConfigServiceOptions): ConfigService {
  return new ConfigService(options);
}

function contextOf({ environment, settings }: ServedConfig): WorkerContext {
  if (settings === undefined) return createWorkerContext({ environment });
  const { worker_id: workerId, worker_type: workerType, namespaces } = settings.worker;
  return createWorkerContext({ workerId, workerType, environment, namespaces });
}

function ownerOf({ environment, settings, origins }: ServedConfig): ConfigOwner {
  const isGenerated = origins?.["worker.worker_id"]?.source === "generated";
  const workerId = isGenerated ? null : (settings?.worker.worker_id ?? null);
  return Object.freeze({ environment, workerId });
}
