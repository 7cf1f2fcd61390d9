import type { WorkerContext } from "@tasker-observability/core";
import type * as z from "zod";

/** Of a loaded configuration what says whose it is. */
interface Owner {
  readonly environment: string;
  readonly origins: Readonly<Record<string, { readonly source: string } | undefined>>;
  readonly settings: { readonly worker: { readonly worker_id: string } };
}

/** Whether it is a loaded configuration, and no service. */
export function isLoaded<Config extends object>(
  config: Config | undefined,
): config is Extract<Config, Owner> {
  return config !== undefined && "settings" in config && !("runtimeConfig" in config);
}

/** Reports a context and a configuration of two workers: answers would name both. */
export function validateOwner(
  { identity }: WorkerContext,
  { environment, origins, settings }: Owner,
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
  // An id that was generated names nobody.
  const isNamed = origins["worker.worker_id"]?.source !== "generated";
  if (isNamed && settings.worker.worker_id !== identity.workerId) report("worker_id");
}
