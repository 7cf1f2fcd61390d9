import { type Clock, toSafeCause } from "@tasker-observability/core";
import type { SqlConnection } from "@tasker-observability/postgres";

export interface TransactionLimits {
  readonly clock: Clock;
  /** Milliseconds that one statement may take. */
  readonly statementTimeoutMs: number;
  /** Milliseconds that one statement may wait for a lock. */
  readonly lockTimeoutMs: number;
  /** Milliseconds that all transactions together may take. */
  readonly budgetMs: number;
}

// A reader that is cut off in mid-transaction does not block a vacuum or the drop of a queue for long. A plan that was made
// while a table was empty outlives its growth: one without sorts takes the index from the start, and serves whatever is asked.
// A stricter isolation level, which a role or a database may be set to, would have writers fail for what is read here.
const settings =
  "set local row_security = on; set local idle_in_transaction_session_timeout = 10000; set local enable_sort = off; set local plan_cache_mode = force_generic_plan";

/** Read-only transactions on one connection, one after the other, each with time-outs of its own by `set local`. */
export class ReadOnlyTransactions {
  readonly connection: SqlConnection;
  readonly #limits: TransactionLimits;
  readonly #endsAtMs: number;
  #open = false;
  #timeoutMs = 0;

  constructor(connection: SqlConnection, limits: TransactionLimits) {
    this.connection = connection;
    this.#limits = limits;
    this.#endsAtMs = limits.clock.monotonicMs() + limits.budgetMs;
  }

  /** Whether there is time left for another statement. */
  hasTime(): boolean {
    return this.#leftMs() > 0;
  }

  /** Ends the transaction that is open, failed or not, and begins another, in one round trip. */
  async next(): Promise<void> {
    const { statementTimeoutMs, lockTimeoutMs } = this.#limits;
    this.#timeoutMs = Math.max(1, Math.min(statementTimeoutMs, Math.ceil(this.#leftMs())));
    const begin = `begin isolation level read committed read only; set local lock_timeout = ${lockTimeoutMs}; set local statement_timeout = ${this.#timeoutMs}; ${settings}`;
    await (this.#open ? this.#commit(`; ${begin}`) : this.connection.query({ text: begin }));
    this.#open = true;
  }

  /** Whether the open transaction grants a statement so little that it proves nothing where one runs out of time. */
  grantsLittleTime(): boolean {
    return this.#timeoutMs < Math.min(this.#limits.statementTimeoutMs, this.#limits.budgetMs) / 2;
  }

  /** Begins another transaction where the open one grants a statement more time than is left. */
  async tighten(): Promise<void> {
    if (this.hasTime() && this.#leftMs() < this.#timeoutMs) await this.next();
  }

  async end(): Promise<void> {
    await this.#commit("");
    this.#open = false;
  }

  // Little time for a statement is little for the end of its transaction too, and what was read is lost if that fails.
  async #commit(andThen: string): Promise<void> {
    try {
      await this.connection.query({ text: `commit${andThen}` });
    } catch (error) {
      if (!isTimeOut(error)) throw error;
      await this.connection.query({ text: `rollback${andThen}` });
    }
  }

  #leftMs(): number {
    return this.#endsAtMs - this.#limits.clock.monotonicMs();
  }
}

/** Whether a statement took longer than it might, or was cancelled by somebody else. */
export function isTimeOut(error: unknown): boolean {
  return toSafeCause(error).code === "57014";
}
