import type { Database } from "@tasker-observability/core";
import { valueOption } from "@tasker-observability/core/options";
import {
  fromPgPool,
  fromPostgres,
  isPgPool,
  isPostgresSql,
  isStatementClient,
  type PgPoolLike,
  type PostgresSqlLike,
  runStatement,
  type StatementClient,
} from "@tasker-observability/postgres";

/**
 * A database to check, recognized by its structure: a port; a `pg` Pool or Client; postgres.js' `sql`; a handle of Drizzle, Knex,
 * Kysely, Neon, pg-promise, PGlite, Prisma, Sequelize or TypeORM; or an object with `ping()` alone. It stays its owner's.
 */
export type DatabaseLike = Driver | { readonly $pool: Driver } | { readonly $client: Driver };

/** An object of anybody's own. */
interface WithPing {
  ping(signal: AbortSignal): unknown;
}

type Driver = Database | PgPoolLike | PostgresSqlLike | StatementClient | WithPing;

/** The port over what {@link databaseOption} takes. */
export function toDatabase(value: DatabaseLike): Database {
  const open = opening(value);
  if (open === null) throw new TypeError("This is no database that can be asked.");
  return open();
}

/** A database that {@link toDatabase} takes. */
export const databaseOption = valueOption<DatabaseLike>(
  "a pg Pool, postgres.js' sql, a query builder's or ORM's handle, or { ping: async (signal) => … } around any other",
  (value) => opening(value) !== null,
  "`pg` Pool, postgres.js `sql`, a query builder's or ORM's handle, `{ ping }` or `Database`",
);

/** What makes the port of a database; null for what is none. */
function opening(value: unknown): (() => Database) | null {
  const driver = driverOf(value);
  if (isDatabase(driver)) return () => driver;
  if (isPgPool(driver)) return () => fromPgPool(driver);
  if (isPostgresSql(driver)) return () => fromPostgres(driver);
  const ping = pingOf(driver);
  return ping === null ? null : () => Object.freeze({ ping, pool: () => null });
}

/** How to ping a handle's database; null if it has no suitable method. */
function pingOf(handle: unknown): Database["ping"] | null {
  if (hasPing(handle))
    return async (signal) => {
      await handle.ping(signal);
    };
  if (!isStatementClient(handle)) return null;
  return async (signal) => {
    signal.throwIfAborted();
    await runStatement(handle, { text: "select 1", values: [] });
  };
}

function hasPing(value: unknown): value is WithPing {
  return (
    typeof value === "object" &&
    value !== null &&
    "ping" in value &&
    typeof value.ping === "function"
  );
}

/** The pool, or the client, that pg-promise and Drizzle send through and show; anything else is its own. */
function driverOf(value: unknown): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return value;
  return (Reflect.get(value, "$pool") as unknown) ?? Reflect.get(value, "$client") ?? value;
}

function isDatabase(value: unknown): value is Database {
  return hasPing(value) && "pool" in value && typeof value.pool === "function";
}
