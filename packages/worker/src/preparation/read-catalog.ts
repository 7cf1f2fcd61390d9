import type { SqlConnection, SqlRow, SqlStatement } from "@tasker-observability/postgres";

/** Overrides the time-outs of the role and the database: large catalogs take longer. */
const beginSql =
  "begin isolation level read committed read only; set local lock_timeout = '5s'; set local statement_timeout = '20s'; set local idle_in_transaction_session_timeout = '20s'; set local standard_conforming_strings = on";

/** Reads the catalog, in a transaction that ignores the settings of the role and the database and takes no blocking lock. */
export async function readCatalog(
  connection: SqlConnection,
  statement: SqlStatement,
): Promise<readonly SqlRow[]> {
  await connection.query({ text: beginSql });
  try {
    const rows = await connection.query(statement);
    await connection.query({ text: "commit" });
    return rows;
  } catch (error) {
    await connection.query({ text: "rollback" }).catch(() => undefined); // the connection is lost; `error` has the cause
    throw error;
  }
}
