import type { WorkerContext } from "@tasker-observability/core";
import type * as z from "zod";

/** The worker that the configuration belongs to. */
interface Owner {
  readonly environment: string;
  /** Null if it names no worker. */
  readonly workerId: string | null;
}

/** Whether it is a loaded configuration instead of a service. */
export function isLoaded<Config extends object>(
  config: Config | undefined,
): config is Extract<Config, { readonly settings: object }> {
  return config !== undefined && "settings" in config && !("runtimeConfig" in config);
}

/** Reports a context and a configuration of two workers: answers would name both. */
export function validateOwner(
  { identity }: WorkerContext,
  { environment, workerId }: Owner,
  issues: z.RefinementCtx<object>,
): void {
  const report = (what: string): void => {
    issues.addIssue({
      code: "custom",
      path: ["config"],
      message: `config has a different ${what} than context: load it for the context's, or pass only one of the two.`,
    });
  };
  if (environment !== identity.environment) report("environment");
  if (workerId !== null && workerId !== identity.workerId) report("worker_id");
}
