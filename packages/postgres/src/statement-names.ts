import { toSafeCause } from "@tasker-observability/core";

/** What a server says that has no such prepared statement, or one of that name already: behind a transaction pooler, that of another connection. */
const refusals = new Set(["26000", "42P05", "08P01"]);
const inFailedTransaction = "25P02";

/** Whether the error says that a statement was not run because of its name. */
export function isNameRefused(error: unknown): boolean {
  return refusals.has(toSafeCause(error).code ?? "");
}

/** Whether statements may have names; switched off for good at the first refusal, for all connections of a client. */
export class StatementNames {
  #allowed: boolean;

  constructor(allowed: boolean) {
    this.#allowed = allowed;
  }

  /**
   * Runs a statement by its name; where the name is refused, once more without: it has not run yet.
   * In a transaction the refusal has undone what came before, so there it rejects with it, and the whole transaction may be run again.
   */
  async run<T>(named: () => PromiseLike<T>, unnamed: () => PromiseLike<T>): Promise<T> {
    if (!this.#allowed) return unnamed();
    try {
      return await named();
    } catch (error) {
      if (!isNameRefused(error)) throw error;
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
