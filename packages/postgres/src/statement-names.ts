import { toSafeCause } from "@tasker-observability/core";

/** SQLSTATEs for a prepared statement that is missing or already exists, as happens behind a transaction pooler. */
const nameErrors = new Set(["26000", "42P05", "08P01"]);
const inFailedTransaction = "25P02";

/** Whether the error says that a statement was not run because of its name. */
export function isStatementNameRefused(error: unknown): boolean {
  return nameErrors.has(toSafeCause(error).code ?? "");
}

/** Whether statements may have names; switched off for good at the first refusal, for all connections of a client. */
export class StatementNames {
  #allowed: boolean;

  constructor(allowed: boolean) {
    this.#allowed = allowed;
  }

  /**
   * Runs a statement by its name; if the name is refused, once more without: it has not run yet. In a transaction, the
   * refusal has undone the earlier statements, so the call rejects, and the whole transaction may be run again.
   */
  async run<T>(named: () => PromiseLike<T>, unnamed: () => PromiseLike<T>): Promise<T> {
    if (!this.#allowed) return unnamed();
    try {
      return await named();
    } catch (error) {
      if (!isStatementNameRefused(error)) throw error;
      this.#allowed = false;
      return await this.#runAgain(unnamed, error);
    }
  }

  async #runAgain<T>(unnamed: () => PromiseLike<T>, refusal: unknown): Promise<T> {
    try {
      return await unnamed();
    } catch (error) {
      throw toSafeCause(error).code === inFailedTransaction ? refusal : error;
    }
  }
}
