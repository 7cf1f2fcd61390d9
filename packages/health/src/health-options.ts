import { createWorkerContext, type WorkerContext } from "@tasker-observability/core";
import type { BuiltInCheckOptions } from "./checks/built-in-checks.js";
import type { CustomCheck } from "./checks/custom-check.js";
import { type DatabaseLike, toDatabase } from "./to-database.js";

/** Options of a HealthService; all have a default. */
export interface HealthServiceOptions extends BuiltInCheckOptions {
  /** The worker to answer for. @default a running one, with the given database */
  readonly context?: WorkerContext | undefined;
  /** Your own `pg` Pool or postgres.js `sql`, or a Database port. It stays yours. @default the context's */
  readonly database?: DatabaseLike | undefined;
  /** Checks of your own. @default none */
  readonly checks?: readonly CustomCheck[] | undefined;
  /** Milliseconds for which a finished run serves everybody who asks; 0 still shares the run under way. @default 1000 */
  readonly cacheTtlMs?: number | undefined;
  /** Milliseconds that a run may take. @default 900 for readiness checks, 2000 for the others */
  readonly checkTimeoutMs?: number | undefined;
  /** Milliseconds after which a run that hangs is abandoned, its connection destroyed and a new one started. @default 10000 */
  readonly abandonAfterMs?: number | undefined;
}

/** The context to answer for, with the database that the options name. The given one is not changed. */
export function resolveContext({ context, database }: HealthServiceOptions): WorkerContext {
  if (database === undefined) return context ?? createWorkerContext();
  const port = toDatabase(database);
  if (context === undefined) return createWorkerContext({ ports: { database: port } });
  return Object.freeze({ ...context, ports: Object.freeze({ ...context.ports, database: port }) });
}
