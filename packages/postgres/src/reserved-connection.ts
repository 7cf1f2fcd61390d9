import type { SqlConnection, SqlRow, SqlStatement } from "./sql-client.js";
import type { StatementNames } from "./statement-names.js";
import type { PostgresReservedLike } from "./postgres-like.js";

export interface ReservedConnectionOptions {
  readonly names: StatementNames;
  /** Once aborted, nothing further is sent. */
  readonly signal: AbortSignal;
  /** How the user's `transform` turns a name back into a column's; absent if there is none. */
  readonly toColumn: ((name: string) => string) | undefined;
}

/**
 * A reserved connection of postgres.js, which must not be touched once it is lost: the driver writes to a socket
 * that is gone, which ends the process, and takes the dead connection back into its pool.
 */
export class ReservedConnection implements SqlConnection {
  readonly #reserved: PostgresReservedLike;
  readonly #options: ReservedConnectionOptions;
  #used = false;
  #lost = false;

  constructor(reserved: PostgresReservedLike, options: ReservedConnectionOptions) {
    this.#reserved = reserved;
    this.#options = options;
  }

  async query(statement: SqlStatement): Promise<readonly SqlRow[]> {
    const { names, toColumn } = this.#options;
    const rows = await (statement.name === undefined
      ? this.#run(statement)
      : names.run(
          () => this.#prepare(statement),
          () => this.#run(statement),
        ));
    return toColumn === undefined ? rows : rows.map((row) => renamed(row, toColumn));
  }

  /** Ends what a failed `use` left open. */
  async reset(): Promise<void> {
    if (!this.#used || this.#lost) return;
    // Outside a transaction this fails, whereas a plain rollback warns, and the driver prints warnings.
    await this.#guard(() => this.#reserved.unsafe("rollback and chain; rollback")).catch(
      () => undefined,
    );
  }

  /** Gives the connection back, unless it is lost. */
  release(): void {
    if (!this.#lost) this.#reserved.release();
  }

  #prepare({ text, values = [] }: SqlStatement): Promise<readonly SqlRow[]> {
    return this.#send(() =>
      this.#reserved.unsafe(text, [...values], { prepare: true, simple: false }),
    );
  }

  #run({ text, values = [] }: SqlStatement): Promise<readonly SqlRow[]> {
    return this.#send(() =>
      values.length === 0
        ? this.#reserved.unsafe(text)
        : this.#reserved.unsafe(text, [...values], { prepare: false }),
    );
  }

  async #send(send: () => PromiseLike<readonly unknown[]>): Promise<readonly SqlRow[]> {
    this.#options.signal.throwIfAborted();
    if (this.#lost) throw new Error("The connection is lost.");
    const rows = await this.#guard(send);
    // Several commands in one text have a result each.
    return Array.isArray(rows[0]) ? [] : (rows as readonly SqlRow[]);
  }

  async #guard<T>(send: () => PromiseLike<T>): Promise<T> {
    this.#used = true;
    try {
      return await send();
    } catch (error) {
      // A server's error about a statement does not affect the connection. Any other error may end it.
      if (severityOf(error) !== "ERROR") this.#lost = true;
      throw error;
    }
  }
}

/** How bad the server calls an error; undefined for an error that is not the server's. */
export function severityOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "severity" in error
    ? error.severity
    : undefined;
}

function renamed(row: SqlRow, toColumn: (name: string) => string): SqlRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [toColumn(name), value]));
}
