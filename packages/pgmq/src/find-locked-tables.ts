import type { SqlConnection } from "@tasker-observability/postgres";

// Waiting for such a lock blocks later readers as holding it does.
const findLockedTablesSql = `select distinct relation::text as oid
  from pg_catalog.pg_locks
 where locktype = 'relation' and mode = 'AccessExclusiveLock' and relation = any($1::text::oid[])
   and database = (select oid from pg_catalog.pg_database where datname = current_database())`;

/** Tells which of the tables cannot be read now because somebody drops or alters them. */
export async function findLockedTables(
  connection: SqlConnection,
  oids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await connection.query({
    text: findLockedTablesSql,
    values: [`{${oids.join(",")}}`],
  });
  return new Set(rows.map((row) => String(row.oid)));
}
