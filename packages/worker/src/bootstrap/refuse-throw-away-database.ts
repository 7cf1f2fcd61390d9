import { isProduction, type LoadedConfig } from "@tasker-observability/config";
import { WorkerStartError } from "../start-error.js";

/** @throws WorkerStartError in production without a database's URL. */
export function refuseThrowAwayDatabase({ environment, settings }: LoadedConfig): void {
  if (isProduction(environment) && settings.common.database.url.empty)
    throw new WorkerStartError(
      `A worker in the environment ${environment} needs a database that outlives it: set DATABASE_URL (common.database.url). The embedded PostgreSQL is deleted when its worker ends.`,
    );
}
