import pg from "pg";
import { WorkerStartError } from "../start-error.js";
import { sqlStateOf } from "../queues/sql-failure.js";
import type { DeadLetterClient } from "./read-dead-letters.js";

/** Runs what it is given in a transaction of its own; where that fails, nothing of it holds. */
export type Transaction = <T>(use: (client: DeadLetterClient) => Promise<T>) => Promise<T>;

/** The connection was lost while a transaction was being committed: nobody knows whether it holds. */
export class CommitLostError extends Error {
  override readonly name = "CommitLostError";
}

/** One connection, for transactions one after the other; the first that fails is the last. */
export async function withTransactions<T>(
  connectionString: string,
  use: (transaction: Transaction) => Promise<T>,
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
    return await use(async (act) => {
      await client.query(
        "begin isolation level read committed; set local lock_timeout = '5s'; set local statement_timeout = '5min'; set local idle_in_transaction_session_timeout = '1min'; set local standard_conforming_strings = on; set local row_security = on",
      );
      const result = await act(client);
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
  if (rows.length === 0) throw new WorkerStartError("This database has no PGMQ queues.");
}

/** A server that answers has rolled back, but for one that is shutting down: it may have committed before. */
function throwCommitLost(error: unknown): never {
  const state = sqlStateOf(error);
  if (state === null || state.startsWith("08") || state.startsWith("57P"))
    throw new CommitLostError("The commit had no answer.", { cause: error });
  throw error;
}
