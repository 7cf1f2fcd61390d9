import { type Database, ObservabilityError } from "@tasker-observability/core";
import { fromPgPool, isPgPool, type PgPoolLike } from "@tasker-observability/core/pg";
import {
  fromPostgres,
  isPostgresSql,
  type PostgresSqlLike,
} from "@tasker-observability/core/postgres";

/** A database to ask: a port, a `pg` Pool or postgres.js' `sql`, told apart by their structure. */
export type DatabaseLike = Database | PgPoolLike | PostgresSqlLike;

/** @throws ObservabilityError INVALID_PARAMS where the value is none of them. */
export function toDatabase(value: DatabaseLike): Database {
  if (isDatabase(value)) return value;
  if (isPgPool(value)) return fromPgPool(value);
  if (isPostgresSql(value)) return fromPostgres(value);
  throw new ObservabilityError(
    "INVALID_PARAMS",
    "database is neither a pg Pool, nor postgres.js' sql, nor an object with ping() and pool(): pass one of these.",
  );
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
