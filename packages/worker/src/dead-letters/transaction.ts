import pg from "pg";
import { CommandError } from "../console/command-error.js";
import { sqlStateOf } from "../queues/sql-failure.js";
import type { DeadLetterClient } from "./read-dead-letters.js";

/** Runs a function in its own transaction, which is rolled back if it fails. */
export type RunInTransaction = <T>(use: (client: DeadLetterClient) => Promise<T>) => Promise<T>;

/** Begins a transaction that leaves nothing to the settings of the role. */
export function beginSql(statementTimeout: string): string {
  return `begin isolation level read committed; set local lock_timeout = '5s'; set local statement_timeout = '${statementTimeout}'; set local idle_in_transaction_session_timeout = '1min'; set local standard_conforming_strings = on; set local row_security = on`;
}

/** The connection was lost during a commit: the transaction may or may not be committed. */
export class CommitLostError extends Error {
  override readonly name = "CommitLostError";
}

/** Opens one connection for consecutive transactions. After one fails, no other can run. */
export async function withTransactions<T>(
  connectionString: string,
  use: (runInTransaction: RunInTransaction) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString,
    application_name: "tasker-dead-letters",
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await assertPgmqInstalled(client);
    return await use(async (run) => {
      await client.query(beginSql("5min"));
      const result = await run(client);
      await client.query("commit").catch(throwCommitLost);
      return result;
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function assertPgmqInstalled(client: DeadLetterClient): Promise<void> {
  const { rows } = await client.query(
    "select from pg_class where oid = to_regclass('pgmq.meta')",
    [],
  );
  if (rows.length === 0) throw new CommandError("This database has no PGMQ queues.");
}

/** A server that answers has rolled back, unless it is shutting down and may have committed. */
function throwCommitLost(error: unknown): never {
  const state = sqlStateOf(error);
  if (state === null || state.startsWith("08") || state.startsWith("57P"))
    throw new CommitLostError("The database did not answer the commit.", { cause: error });
  throw error;
}
