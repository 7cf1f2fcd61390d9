import {
  type ConfigQueries,
  createConfigService,
  type LoadedConfig,
} from "@tasker-observability/config";
import type { WorkerContext } from "@tasker-observability/core";
import type * as z from "zod";

/** Whether it is a loaded configuration, and no service. */
export function isLoaded(config: ConfigQueries | LoadedConfig | undefined): config is LoadedConfig {
  return config !== undefined && "settings" in config && !("runtimeConfig" in config);
}

/** Reports a context and a configuration of two workers: answers would name both. */
export function validateOwner(
  { identity }: WorkerContext,
  config: ConfigQueries | LoadedConfig,
  issues: z.RefinementCtx<object>,
): void {
  const { owner } = isLoaded(config) ? createConfigService({ config }) : config;
  if (owner === undefined) return;
  const report = (what: string): void => {
    issues.addIssue({
      code: "custom",
      path: ["config"],
      message: `config has a different ${what} than context: load it for the context's, or pass only one of the two.`,
    });
  };
  if (owner.environment !== identity.environment) report("environment");
  if (owner.workerId !== null && owner.workerId !== identity.workerId) report("worker_id");
}
