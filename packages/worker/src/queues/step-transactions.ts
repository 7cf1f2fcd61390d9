import { abortAfter, type Clock } from "@tasker-observability/core";
import {
  isStatementNameRefused,
  type SqlClient,
  type SqlConnection,
  type SqlRow,
  type SqlStatement,
} from "@tasker-observability/postgres";
import { failureScope, sqlStateOf, TransactionRefusedError } from "./sql-failure.js";

/** Runs transactions with their own time-outs, which work behind transaction poolers. */
export interface StepTransactions {
  /**
   * Runs `use` in a transaction and commits it. `use` may run twice: if a pooler refuses the name of a statement, the
   * first run has no effect.
   *
   * @throws TransactionRefusedError if the SQLSTATE suggests a database in trouble but the connection works.
   */
  run<T>(use: (connection: SqlConnection) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Runs one short statement without a transaction: one statement is sent instead of eight. It runs under the settings of
   * the role: unless those limit it, only `limitMs` ends a wait for a lock.
   *
   * @param limitMs - milliseconds after which it is abandoned. @default the total time-out
   */
  runAutocommit(statement: SqlStatement, limitMs?: number): Promise<readonly SqlRow[]>;
}

export interface TransactionOptions {
  /** Milliseconds that a statement waits for a lock. @default 1000: a locked queue does not delay the others for long */
  readonly lockTimeoutMs?: number | undefined;
  /** Milliseconds that the transaction may take once it has a connection. @default the rest of the total time-out */
  readonly limitMs?: number | undefined;
}

export interface StepTransactionsOptions {
  readonly client: SqlClient;
  readonly clock: Clock;
  /**
   * Milliseconds after which a transaction is abandoned and its connection destroyed. The server has ended it by
   * then.
   */
  readonly statementTimeoutMs: number;
  /** Ends running and later transactions. */
  readonly closing: AbortSignal;
}

/** The server rolls back what the client abandons: a claim that nobody received would cost its steps an attempt. */
export function createStepTransactions(options: StepTransactionsOptions): StepTransactions {
  const { client, clock, closing, statementTimeoutMs } = options;
  return Object.freeze({
    runAutocommit: (statement: SqlStatement, limitMs = statementTimeoutMs) =>
      abortAfter(
        (signal) => client.withConnection((connection) => connection.query(statement), { signal }),
        { clock, signal: closing, timeoutMs: limitMs },
      ),
    run<T>(
      use: (connection: SqlConnection) => Promise<T>,
      { lockTimeoutMs = 1_000, limitMs }: TransactionOptions = {},
    ): Promise<T> {
      const transact = async (
        connection: SqlConnection,
        restart: (limitMs: number) => void,
      ): Promise<T> => {
        if (limitMs !== undefined) restart(limitMs);
        await connection.query({ text: beginSql(limitMs ?? statementTimeoutMs, lockTimeoutMs) });
        try {
          const result = await use(connection);
          await connection.query({ text: "commit" });
          return result;
        } catch (error) {
          throw await toTransactionError(connection, error);
        }
      };
      const connectAndTransact = async (
        signal: AbortSignal,
        restart: (limitMs: number) => void,
      ): Promise<T> => {
        const connect = (): Promise<T> =>
          client.withConnection((connection) => transact(connection, restart), { signal });
        try {
          return await connect();
        } catch (error) {
          if (!isStatementNameRefused(error)) throw error;
          // The refusal has undone the transaction, and the client names no statements from then on.
          return connect();
        }
      };
      return abortAfter(connectAndTransact, {
        clock,
        signal: closing,
        timeoutMs: statementTimeoutMs,
      });
    },
  });
}

/** A lost or read-only database serves no connection afterwards; one that only refused a statement does. */
async function toTransactionError(connection: SqlConnection, error: unknown): Promise<unknown> {
  const state = sqlStateOf(error);
  if (state === null || failureScope(error) !== "database") return error;
  try {
    await connection.query({ text: "rollback" });
    const [row] = await connection.query({
      text: "select current_setting('transaction_read_only') as read_only",
    });
    return row?.read_only === "off" ? new TransactionRefusedError(state, error) : error;
  } catch {
    return error;
  }
}

// Nothing here depends on settings of the role or the database. A stricter isolation level would fail on rows that
// others claim, a worker that is cut off in mid-transaction would keep its rows locked for long, PGMQ's functions are
// compiled by whoever calls them and have backslashes in their texts, and without row security a policy refuses the
// statement in place of applying.
const beginSql = (timeoutMs: number, lockMs: number): string =>
  `begin isolation level read committed; set local lock_timeout = ${lockMs}; set local statement_timeout = ${Math.ceil(timeoutMs * 0.9)}; set local idle_in_transaction_session_timeout = ${timeoutMs}; set local standard_conforming_strings = on; set local row_security = on`;
