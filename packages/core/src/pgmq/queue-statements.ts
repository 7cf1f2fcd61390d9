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

  /**
   * Reads `position`, `depth`, `visible`, `age`, `wait` and the planner's `estimate` of each queue; counts stop at the bound.
   * A row of a queue that {@link isReadAsShallow} is true below the bound only: beyond it, the queue is to be read as deep.
   */
  heads(queues: readonly FoundQueue[]): SqlStatement {
    const key = queues.map((queue) => `${queue.table} ${queue.oldestBy} ${queue.partitionedRows === null} ${formOf(queue).name}`).join("\n");
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
    const heads = queues.map((queue, position) => formOf(queue)(queue, position, this.#exactUpTo)).join("\nunion all\n");
    const estimate = queues.every(isReadAsShallow) ? "null::float8" : estimateFrom(this.#exactUpTo);
    return { text: `select *, ${estimate} as estimate from (\n${heads}) as heads` };
  }
}

/** Whether its statement looks at the first rows and at nothing else. */
export function isReadAsShallow(queue: FoundQueue): boolean {
  return formOf(queue) === headOfShallow;
}

function formOf({ hasVisibleIndex, oldestBy, was }: FoundQueue): (queue: FoundQueue, position: number, exactUpTo: number) => string {
  if (!hasVisibleIndex) return headByRows;
  if (was === "shallow" && oldestBy === "msg_id") return headOfShallow;
  return was === "visibly_deep" ? headOfMany : headByIndex;
}

// Asked once for the whole statement, and for deep queues alone: one more scan to prepare for each queue is felt at a thousand.
function estimateFrom(exactUpTo: number): string {
  return `(select greatest(reltuples, 0)::float8 from pg_catalog.pg_class where oid = heads.relation and heads.depth >= ${exactUpTo})`;
}

/** One scan has everything of a queue whose rows are all counted: at a thousand queues, preparing three for each took most of the time. */
function headOfShallow({ table }: FoundQueue, position: number, exactUpTo: number): string {
  return `select ${position} as position, count(*) filter (where vt <= now())::float8 as visible, ${secondsSince("min(vt) filter (where vt <= now())")} as wait,
  ${secondsSince("(array_agg(enqueued_at))[1]")} as age, count(*)::float8 as depth, null::oid as relation
  from (select vt, enqueued_at from ${table} order by msg_id limit ${exactUpTo}) as head`;
}

// Ordered, so that the planner takes the index: a scan of the table would not be bounded where little is visible.
// As many visible messages as are counted make a queue deep, and then nothing else is left to count.
function headByIndex(queue: FoundQueue, position: number, exactUpTo: number): string {
  const { table } = queue;
  return `select ${position} as position, count(*)::float8 as visible, ${secondsSince("min(vt)")} as wait, ${secondsSince(oldestOf(queue, exactUpTo))} as age,
  case when count(*) < ${exactUpTo} then ${countOf(`${table} limit ${exactUpTo}`)} else ${exactUpTo} end::float8 as depth, ${relationOf(queue)} as relation
  from (select vt from ${visibleIn(table)} limit ${exactUpTo}) as head`;
}

/** Stepping over rows costs less than counting them, so where there were as many as are counted, the last of them is looked for. */
function headOfMany(queue: FoundQueue, position: number, exactUpTo: number): string {
  const { table } = queue;
  const unless = (many: string): string => `case when many.are_there then ${exactUpTo} else ${many} end::float8`;
  return `select ${position} as position, ${unless(countOf(`${visibleIn(table)} limit ${exactUpTo}`))} as visible,
  ${secondsSince(`(select vt from ${visibleIn(table)} limit 1)`)} as wait, ${secondsSince(oldestOf(queue, exactUpTo))} as age,
  ${unless(countOf(`${table} limit ${exactUpTo}`))} as depth, ${relationOf(queue)} as relation
  from (select exists (select from ${visibleIn(table)} limit 1 offset ${exactUpTo - 1}) as are_there offset 0) as many`;
}

/** Without an index that finds what is visible, the first rows have to do. */
function headByRows(queue: FoundQueue, position: number, exactUpTo: number): string {
  return `select ${position} as position, count(visible_at)::float8 as visible, ${secondsSince("min(visible_at)")} as wait, ${secondsSince(oldestOf(queue, exactUpTo))} as age,
  count(*)::float8 as depth, ${relationOf(queue)} as relation
  from (select case when vt <= now() then vt end as visible_at from ${queue.table} limit ${exactUpTo}) as head`;
}

function visibleIn(table: string): string {
  return `${table} where vt <= now() order by vt`;
}

function countOf(rows: string): string {
  return `(select count(*) from (select from ${rows}) as counted)`;
}

/** Null for a partitioned table, of which the planner has no count. The name is looked up anew when the table of that name is another. */
function relationOf({ table, partitionedRows }: FoundQueue): string {
  return partitionedRows === null ? `'${table.replaceAll("'", "''")}'::regclass::oid` : "null::oid";
}

function oldestOf(queue: FoundQueue, exactUpTo: number): string {
  const { table, oldestBy } = queue;
  if (oldestBy !== null) return `(select enqueued_at from ${table} order by ${oldestBy} limit 1)`;
  return `(select min(enqueued_at) from (select enqueued_at from ${table} limit ${exactUpTo}) as first_rows)`;
}

function secondsSince(instant: string): string {
  return `floor(extract(epoch from now() - ${instant}))::float8`;
}
