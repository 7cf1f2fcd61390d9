import type { SqlStatement } from "../sql-client.js";
import type { FoundQueue } from "./find-queues.js";

/** Names of prepared statements live as long as their connection, so there is a bound on how many are made. */
const maxNames = 200;

/** Makes the statements that read queues, prepared where the same queues are read together again. */
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

  /** Reads `position`, `depth`, `visible`, `age` and `wait` of each queue; counts stop at the bound. */
  heads(queues: readonly FoundQueue[]): SqlStatement {
    const key = queues.map((queue) => `${queue.table} ${queue.oldestBy} ${queue.hasVisibleIndex}`).join("\n");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const text = this.headsOnce(queues).text;
    if (this.#known.size >= maxNames) return { text };
    const statement = { text, name: `${this.#prefix}_${this.#known.size}` };
    this.#known.set(key, statement);
    return statement;
  }

  /** {@link heads}, for queues that are hardly read together again. */
  headsOnce(queues: readonly FoundQueue[]): SqlStatement {
    const toText = (queue: FoundQueue, position: number): string =>
      queue.hasVisibleIndex ? headByIndex(queue, position, this.#exactUpTo) : headByRows(queue, position, this.#exactUpTo);
    return { text: queues.map(toText).join("\nunion all\n") };
  }
}

// Ordered, so that the planner takes the index: a scan of the table would not be bounded where little is visible.
// As many visible messages as are counted make a queue deep, and then nothing else is left to count.
function headByIndex(queue: FoundQueue, position: number, exactUpTo: number): string {
  const { table } = queue;
  return `select ${position} as position, count(*)::float8 as visible, ${secondsSince("min(vt)")} as wait, ${secondsSince(oldestOf(queue, exactUpTo))} as age,
  case when count(*) < ${exactUpTo} then (select count(*) from (select 1 from ${table} limit ${exactUpTo}) as counted) else ${exactUpTo} end::float8 as depth
  from (select vt from ${table} where vt <= now() order by vt limit ${exactUpTo}) as head`;
}

/** Without an index that finds what is visible, the first rows have to do. */
function headByRows(queue: FoundQueue, position: number, exactUpTo: number): string {
  return `select ${position} as position, count(visible_at)::float8 as visible, ${secondsSince("min(visible_at)")} as wait, ${secondsSince(oldestOf(queue, exactUpTo))} as age,
  count(*)::float8 as depth
  from (select case when vt <= now() then vt end as visible_at from ${queue.table} limit ${exactUpTo}) as head`;
}

function oldestOf(queue: FoundQueue, exactUpTo: number): string {
  const { table, oldestBy } = queue;
  if (oldestBy !== null) return `(select enqueued_at from ${table} order by ${oldestBy} limit 1)`;
  return `(select min(enqueued_at) from (select enqueued_at from ${table} limit ${exactUpTo}) as first_rows)`;
}

function secondsSince(instant: string): string {
  return `floor(extract(epoch from now() - ${instant}))::float8`;
}
