import {
  operationsFor,
  type OperationsOfGroup,
  type WorkerContext,
} from "@tasker-observability/core";
import * as z from "zod";
import { type RuntimeConfig, runtimeConfigSchema } from "./runtime-config.js";

/** The worker that the configuration belongs to. */
export interface ConfigOwner {
  readonly environment: string;
  /** Null if it names no worker: a generated id does not count. */
  readonly workerId: string | null;
}

/** What the operations call: a ConfigService, or an object with the same methods. */
export interface ConfigQueries {
  /** The worker whose lifecycle decides whether the operations answer. */
  readonly context: Pick<WorkerContext, "lifecycle" | "logger" | "clock">;
  /** The worker that the configuration belongs to, so that it is not served for another. @default unknown */
  readonly owner?: ConfigOwner | undefined;
  /** The configuration in use, with secrets masked. */
  runtimeConfig(): Promise<RuntimeConfig>;
  /** The name of the environment, such as `production`. */
  environment(): Promise<string>;
}

/** The answers of a service, as operations that any transport can carry. */
export function createConfigOperations(service: ConfigQueries) {
  const operation = operationsFor(service.context, z.strictObject({}));
  return Object.freeze({
    config_runtime: operation("config_runtime", {
      result: runtimeConfigSchema,
      run: () => service.runtimeConfig(),
    }),
    config_environment: operation("config_environment", {
      result: z.string().describe("The environment's name."),
      run: () => service.environment(),
    }),
  } satisfies OperationsOfGroup<"config">);
}

/** The configuration's operations, by name. */
export type ConfigOperations = ReturnType<typeof createConfigOperations>;
