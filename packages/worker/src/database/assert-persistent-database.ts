import { isProduction } from "@tasker-observability/config";
import { settingNames } from "../options/setting-names.js";
import type { WorkerSettings } from "../options/worker-options.js";
import { WorkerStartError } from "../worker-start-error.js";

/** @throws WorkerStartError in production without a database. */
export function assertPersistentDatabase(
  { loadedConfig, database }: Pick<WorkerSettings, "database" | "loadedConfig">,
  environment: string,
): void {
  if (!isProduction(environment) || database !== undefined) return;
  throw new WorkerStartError(
    `A worker in the environment ${environment} needs a database that outlives it: set ${settingNames({ loadedConfig }).database}. The embedded PostgreSQL is deleted when its worker stops.`,
  );
}
