import type { Database } from "@tasker-observability/core";
import { valueOption } from "@tasker-observability/core/options";
import {
  fromPgPool,
  fromPostgres,
  isPgPool,
  isPostgresSql,
  type PgPoolLike,
  type PostgresSqlLike,
} from "@tasker-observability/postgres";
import { type Handle, pingOf } from "./ping-of.js";

/**
 * A database to check, recognized by its structure: a port; a `pg` Pool or Client; postgres.js' `sql`; a handle of Drizzle, Knex,
 * Kysely, Neon, pg-promise, PGlite, Prisma, Sequelize or TypeORM; or an object with `ping()` alone. It stays its owner's.
 */
export type DatabaseLike = Driver | { readonly $pool: Driver } | { readonly $client: Driver };

type Driver = Database | PgPoolLike | PostgresSqlLike | Handle;

/** The port over what {@link databaseOption} takes. */
export function toDatabase(value: DatabaseLike): Database {
  const database = findDatabase(value);
  if (database === null) throw new TypeError("This is no database that can be asked.");
  return database;
}

/** A database that {@link toDatabase} takes. */
export const databaseOption = valueOption<DatabaseLike>(
  "a pg Pool, postgres.js' sql, a query builder's or ORM's handle, or { ping: async (signal) => … } around any other",
  (value) => findDatabase(value) !== null,
  "`pg` Pool, postgres.js `sql`, a query builder's or ORM's handle, `{ ping }` or `Database`",
);

function findDatabase(value: unknown): Database | null {
  if (isDatabase(value)) return value;
  if (isPgPool(value)) return fromPgPool(value);
  if (isPostgresSql(value)) return fromPostgres(value);
  const driver = driverOf(value);
  if (driver !== undefined) return findDatabase(driver);
  const ping = pingOf(value);
  return ping === null ? null : Object.freeze({ ping, pool: () => null });
}

/** pg-promise and Drizzle show the pool, or the client, that they send through. */
function driverOf(value: unknown): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null)
    return undefined;
  const driver: unknown = Reflect.get(value, "$pool") ?? Reflect.get(value, "$client");
  return driver === value || driver === null ? undefined : driver;
}

function isDatabase(value: unknown): value is Database {
  return (
    typeof value === "object" &&
    value !== null &&
    "ping" in value &&
    typeof value.ping === "function" &&
    "pool" in value &&
    typeof value.pool === "function"
  );
}
