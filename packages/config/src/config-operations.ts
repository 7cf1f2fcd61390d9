import { defineOperation, type Operation, type WorkerContext } from "@tasker-observability/core";
import { z } from "zod";
import { type RuntimeConfig, runtimeConfigSchema } from "./runtime-config.js";

/** What the operations ask: a ConfigQueryService, or anything that answers like one. */
export interface ConfigQueries {
  readonly context: Pick<WorkerContext, "lifecycle" | "logger" | "clock">;
  runtimeConfig(): Promise<RuntimeConfig>;
  environment(): Promise<string>;
}

const noParams = z.strictObject({});
type NoParams = typeof noParams;
const environmentSchema = z.string().describe("The environment's name.");

/** The configuration's operations, by name. */
export type ConfigOperations = {
  readonly config_runtime: Operation<"config_runtime", NoParams, typeof runtimeConfigSchema>;
  readonly config_environment: Operation<"config_environment", NoParams, typeof environmentSchema>;
};

/** What a service answers, as operations that any transport can carry. */
export function createConfigOperations(service: ConfigQueries): ConfigOperations {
  const common = {
    group: "config",
    access: "read",
    exposure: "detail",
    params: noParams,
    context: service.context,
  } as const;
  return Object.freeze({
    config_runtime: defineOperation({
      ...common,
      name: "config_runtime",
      mediaTypes: ["application/json"],
      result: runtimeConfigSchema,
      run: () => service.runtimeConfig(),
    }),
    config_environment: defineOperation({
      ...common,
      name: "config_environment",
      mediaTypes: ["text/plain; charset=utf-8"],
      result: environmentSchema,
      run: () => service.environment(),
    }),
  });
}
