import type { Clock, Database } from "@tasker-observability/core";
import { type CheckOptions, readinessProbes, type SharedCheck } from "./check.js";

/** Options of {@link createDatabaseCheck}. */
export interface DatabaseCheckOptions extends CheckOptions {
  readonly database: Pick<Database, "ping">;
  readonly clock: Clock;
  /** Milliseconds above which an answer is degraded. @default 500 */
  readonly slowMs?: number | undefined;
}

/** Asks the database for one row through the worker's own pool. */
export function createDatabaseCheck({
  database,
  clock,
  slowMs = 500,
  criticality = "required",
}: DatabaseCheckOptions): SharedCheck {
  return {
    name: "database",
    criticality,
    probes: readinessProbes,
    cached: true,
    async run(_signal, { abandoned }) {
      const startedAtMs = clock.monotonicMs();
      // A slow server would suffer more from a reconnect at every time-out than from one late answer:
      // the connection is given up only with the run.
      await database.ping(abandoned);
      const tookMs = clock.monotonicMs() - startedAtMs;
      return tookMs > slowMs
        ? { status: "degraded", message: `answered after ${Math.round(tookMs)} ms` }
        : { status: "healthy" };
    },
  };
}
