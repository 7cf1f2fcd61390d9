import { createWorkerContext, type WorkerContext } from "@tasker-observability/core";
import { contextOption, maxTimerMs, numberOption } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { builtInCheckOptions } from "./checks/built-in-checks.js";
import { customChecksOption } from "./checks/custom-check.js";
import { databaseOption, toDatabase } from "./to-database.js";

/** The schema of {@link HealthServiceOptions}, with the defaults. */
export const healthServiceOptionsSchema = z.strictObject({
  /** Your own handle: a `pg` Pool or Client, postgres.js, Drizzle, Knex, Kysely, Neon, pg-promise, PGlite, Prisma, Sequelize, TypeORM, or any object with `ping()`. It stays yours. @default the context's */
  database: z.optional(databaseOption),
  /** The worker to answer for; its ports decide which checks exist. @default a new one, running, with the given database */
  context: z.optional(contextOption),
  /** Checks of your own: `{ name, run, criticality?, probes?, timeoutMs?, cacheTtlMs? }`. @default none */
  checks: z._default(customChecksOption, []).check(z.meta({ type: "`CustomCheck[]`" })),
  /** How long a result is reused; 0 still shares a running check. @default 1000 */
  cacheTtlMs: z._default(numberOption(0, Number.MAX_SAFE_INTEGER, { unit: "ms" }), 1_000),
  /** How long a run may take. @default 900 for readiness checks, 2000 for the others */
  checkTimeoutMs: z.optional(numberOption(1, maxTimerMs, { unit: "ms" })),
  /** After how long a hanging run is abandoned: its connection is destroyed and a new run may start. @default 10000 */
  abandonAfterMs: z._default(numberOption(0, Number.MAX_SAFE_INTEGER, { unit: "ms" }), 10_000),
  ...builtInCheckOptions.shape,
});
/** Options of a HealthService; all have a default. */
export type HealthServiceOptions = z.input<typeof healthServiceOptionsSchema>;
/** The options with their defaults filled in. */
export type ResolvedHealthOptions = z.output<typeof healthServiceOptionsSchema>;

/** The context to answer for, with the database of the options. The given context is not changed. */
export function resolveContext({ context, database }: ResolvedHealthOptions): WorkerContext {
  if (database === undefined) return context ?? createWorkerContext();
  const port = toDatabase(database);
  if (context === undefined) return createWorkerContext({ ports: { database: port } });
  return Object.freeze({ ...context, ports: Object.freeze({ ...context.ports, database: port }) });
}
