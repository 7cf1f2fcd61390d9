import type { Database } from "@tasker-observability/core";
import { clockOption, objectLike, parseOptions } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { amountOption, checkOptions, readinessProbes, type SharedCheck } from "./check.js";

export const databaseCheckSettings = z.strictObject({
  /** Database: degraded if its answer takes longer. @default 500 */
  slowMs: z._default(amountOption("ms"), 500),
});

const databaseCheckOptions = z.strictObject({
  /** The database to ask, through the worker's own pool. */
  database: objectLike<Pick<Database, "ping">>({ name: "a Database", methods: ["ping"] }),
  /** Measures time. */
  clock: clockOption,
  ...checkOptions.shape,
  ...databaseCheckSettings.shape,
});
/** Options of {@link createDatabaseCheck}. */
export type DatabaseCheckOptions = z.input<typeof databaseCheckOptions>;

/** Asks the database for one row through the worker's own pool. */
export function createDatabaseCheck(options: DatabaseCheckOptions): SharedCheck {
  const {
    database,
    clock,
    slowMs,
    criticality = "required",
  } = parseOptions("createDatabaseCheck", databaseCheckOptions, options);
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
        : { status: "healthy", message: `answered within ${slowMs} ms` };
    },
  };
}
