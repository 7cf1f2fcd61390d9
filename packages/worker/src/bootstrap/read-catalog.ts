import type { SqlConnection, SqlRow, SqlStatement } from "@tasker-observability/postgres";

/** Whatever time-outs the role or the database is set to: large catalogs take longer. */
const beginText =
  "begin isolation level read committed read only; set local lock_timeout = '5s'; set local statement_timeout = '20s'; set local idle_in_transaction_session_timeout = '20s'; set local standard_conforming_strings = on";

/** Asks what the database has, in a transaction that depends on no setting of the role or the database, and takes no lock that anybody would wait for. */
export async function readCatalog(
  connection: SqlConnection,
  statement: SqlStatement,
): Promise<readonly SqlRow[]> {
  await connection.query({ text: beginText });
  try {
    const rows = await connection.query(statement);
    await connection.query({ text: "commit" });
    return rows;
  } catch (error) {
    await connection.query({ text: "rollback" }).catch(() => undefined); // the connection is lost: `error` says so
    throw error;
  }
}
