import type { Clock, Database } from "@tasker-observability/core";
import { parseOptions } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { amountOption, type CheckOptions, readinessProbes, type SharedCheck } from "./check.js";

export const databaseCheckSettings = z.strictObject({
  /** Database: degraded when its answer takes longer than this. @default 500 */
  slowMs: z._default(amountOption("ms"), 500),
});

/** Options of {@link createDatabaseCheck}. */
export interface DatabaseCheckOptions extends CheckOptions, z.input<typeof databaseCheckSettings> {
  readonly database: Pick<Database, "ping">;
  readonly clock: Clock;
}

/** Asks the database for one row through the worker's own pool. */
export function createDatabaseCheck({
  database,
  clock,
  criticality = "required",
  ...settings
}: DatabaseCheckOptions): SharedCheck {
  const { slowMs } = parseOptions("createDatabaseCheck", databaseCheckSettings, settings);
  return {
    name: "database",
    criticality,
    probes: readinessProbes,
    cached: true,
    async run(_signal, { abandoned }) {
      const startedAtMs = clock.monotonicMs();
      // Reconnecting at every time-out would load a slow server more than one late answer does:
      // the connection is destroyed only when the run is abandoned.
      await database.ping(abandoned);
      const tookMs = clock.monotonicMs() - startedAtMs;
      return tookMs > slowMs
        ? { status: "degraded", message: `answered after ${Math.round(tookMs)} ms` }
        : { status: "healthy" };
    },
  };
}
