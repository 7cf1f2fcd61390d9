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

/** A database to check: a port, a `pg` Pool or postgres.js' `sql`, recognized by their structure. */
export type DatabaseLike = Database | PgPoolLike | PostgresSqlLike;

/** The port over what {@link databaseOption} takes. */
export function toDatabase(value: DatabaseLike): Database {
  if (isDatabase(value)) return value;
  if (isPgPool(value)) return fromPgPool(value);
  return fromPostgres(value);
}

/** A database that {@link toDatabase} takes. */
export const databaseOption = valueOption<DatabaseLike>(
  "a pg Pool, postgres.js' sql, or an object with ping() and pool()",
  (value) => isDatabase(value) || isPgPool(value) || isPostgresSql(value),
  "`pg` Pool, postgres.js `sql` or `Database`",
);

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
