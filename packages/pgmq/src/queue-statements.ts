import type { SqlStatement } from "@tasker-observability/postgres";
import type { FoundQueue } from "./find-queues.js";
import { type QueryForm, querySql } from "./query-forms.js";

/** Names of prepared statements live as long as their connection, so there is a bound on how many are made. */
const maxNames = 200;

/**
 * Makes the statements that read queues. Which of a statement's queues are to be read is its parameter: a queue that
 * turns from shallow to deep and back costs no new statement, and each prepared one occupies a megabyte of the server.
 */
export class QueueStatements {
  readonly #exactUpTo: number;
  // Random, so that a shared connection never sees one name for two texts.
  readonly #prefix = `tasker_queues_${crypto.randomUUID().slice(0, 8)}`;
  readonly #known = new Map<string, SqlStatement>();

  constructor(exactUpTo: number) {
    this.#exactUpTo = exactUpTo;
  }

  get nameOfFind(): string {
    return `${this.#prefix}_find`;
  }

  /**
   * Reads `position` among these queues, `depth`, `visible`, `age`, `wait` and the planner's `estimate` of each that is
   * wanted. Counts stop at the bound.
   */
  query(
    form: QueryForm,
    queues: readonly FoundQueue[],
    wanted: ReadonlySet<FoundQueue>,
  ): SqlStatement {
    const skipped = queues.flatMap((queue, position) => (wanted.has(queue) ? [] : [position]));
    return { ...this.#statementOf(form, queues), values: [`{${skipped.join(",")}}`] };
  }

  /** {@link query} of one queue, for which no statement is kept. */
  queryOnce(form: QueryForm, queue: FoundQueue): SqlStatement {
    return { text: querySql(form, [queue], this.#exactUpTo), values: ["{}"] };
  }

  #statementOf(form: QueryForm, queues: readonly FoundQueue[]): SqlStatement {
    const key = [
      form,
      ...queues.map(
        (queue) => `${queue.table} ${queue.oldestBy} ${queue.partitionedRows === null}`,
      ),
    ].join("\n");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const text = querySql(form, queues, this.#exactUpTo);
    if (this.#known.size >= maxNames) return { text };
    const statement = { text, name: `${this.#prefix}_${this.#known.size}` };
    this.#known.set(key, statement);
    return statement;
  }
}
