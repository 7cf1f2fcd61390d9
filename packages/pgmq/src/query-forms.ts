import type { FoundQueue } from "./find-queues.js";

/**
 * A way to read a queue. `first_rows` looks at the first rows and at nothing else: its row is true where they are fewer than
 * {@link shallowUpTo}. The others are true of any queue: `index_offset` is the fastest where as many messages are visible
 * as are counted, and `table_scan` is for a queue without an index that finds what is visible.
 */
export type QueryForm = "first_rows" | "index_count" | "index_offset" | "table_scan";

type QueryOf = (queue: FoundQueue, position: number, exactUpTo: number) => string;

const queries: Readonly<Record<QueryForm, QueryOf>> = {
  first_rows: firstRowsQuery,
  index_count: indexCountQuery,
  index_offset: indexOffsetQuery,
  table_scan: tableScanQuery,
};

/** The forms in the order in which they are read, for what turns out not to be shallow is read as deep. */
export const queryForms = [
  "first_rows",
  "index_count",
  "index_offset",
  "table_scan",
] as const satisfies readonly QueryForm[];

/** From how many rows on a queue is not shallow: one scan of so many costs no more than preparing the scans of a deep one. */
export function shallowUpTo(exactUpTo: number): number {
  return Math.min(exactUpTo, 1_001);
}

/** The form that suits a queue as it was found last. */
export function queryFormOf({ hasVisibleIndex, oldestBy, queryForm }: FoundQueue): QueryForm {
  if (!hasVisibleIndex) return "table_scan";
  return queryForm === "first_rows" && oldestBy !== "msg_id" ? "index_count" : queryForm;
}

/** Whether a queue can be read so. */
export function suits(queue: FoundQueue, form: QueryForm): boolean {
  if (!queue.hasVisibleIndex) return form === "table_scan";
  return form === "first_rows" ? queue.oldestBy === "msg_id" : form !== "table_scan";
}

/** Reads each queue whose position is not in the array that `$1` is. */
export function querySql(
  form: QueryForm,
  queues: readonly FoundQueue[],
  exactUpTo: number,
): string {
  const wanted = queues.map(
    (queue, position) =>
      `select * from (${queries[form](queue, position, exactUpTo)}) as queue_${position} where ${position} <> all ($1::text::int[])`,
  );
  return `select *, ${form === "first_rows" ? "null::float8" : estimateFrom(exactUpTo)} as estimate from (\n${wanted.join("\nunion all\n")}) as scanned`;
}

// Asked once for the whole statement, and for deep queues alone: one more scan to prepare for each queue is felt at a thousand.
function estimateFrom(exactUpTo: number): string {
  return `(select greatest(reltuples, 0)::float8 from pg_catalog.pg_class where oid = scanned.relation and scanned.depth >= ${exactUpTo})`;
}

/** At a thousand queues, preparing several scans for each took most of the time: this is one. */
function firstRowsQuery({ table }: FoundQueue, position: number, exactUpTo: number): string {
  return `select ${position} as position, count(*) filter (where vt <= now())::float8 as visible, ${secondsSince("min(vt) filter (where vt <= now())")} as wait,
  ${secondsSince("(array_agg(enqueued_at))[1]")} as age, count(*)::float8 as depth, null::oid as relation
  from (select vt, enqueued_at from ${table} order by msg_id limit ${shallowUpTo(exactUpTo)}) as first_rows`;
}

// Ordered, so that the planner takes the index: a scan of the table would not be bounded where little is visible.
// As many visible messages as are counted make a queue deep, and then nothing else is left to count.
function indexCountQuery(queue: FoundQueue, position: number, exactUpTo: number): string {
  const { table } = queue;
  return `select ${position} as position, count(*)::float8 as visible, ${secondsSince("min(vt)")} as wait, ${secondsSince(oldestOf(queue, exactUpTo))} as age,
  case when count(*) < ${exactUpTo} then ${countOf(`${table} limit ${exactUpTo}`)} else ${exactUpTo} end::float8 as depth, ${relationOf(queue)} as relation
  from (select vt from ${visibleIn(table)} limit ${exactUpTo}) as first_rows`;
}

/** Stepping over rows costs less than counting them, so where there were as many as are counted, the last of them is looked for. */
function indexOffsetQuery(queue: FoundQueue, position: number, exactUpTo: number): string {
  const { table } = queue;
  const countOrCap = (many: string): string =>
    `case when many.are_there then ${exactUpTo} else ${many} end::float8`;
  return `select ${position} as position, ${countOrCap(countOf(`${visibleIn(table)} limit ${exactUpTo}`))} as visible,
  ${secondsSince(`(select vt from ${visibleIn(table)} limit 1)`)} as wait, ${secondsSince(oldestOf(queue, exactUpTo))} as age,
  ${countOrCap(countOf(`${table} limit ${exactUpTo}`))} as depth, ${relationOf(queue)} as relation
  from (select exists (select from ${visibleIn(table)} limit 1 offset ${exactUpTo - 1}) as are_there offset 0) as many`;
}

/** Without an index that finds what is visible, the first rows have to do, and for the oldest message too where no index finds it. */
function tableScanQuery(queue: FoundQueue, position: number, exactUpTo: number): string {
  const oldest = queue.oldestBy === null ? "min(enqueued_at)" : oldestOf(queue, exactUpTo);
  return `select ${position} as position, count(visible_at)::float8 as visible, ${secondsSince("min(visible_at)")} as wait, ${secondsSince(oldest)} as age,
  count(*)::float8 as depth, ${relationOf(queue)} as relation
  from (select enqueued_at, case when vt <= now() then vt end as visible_at from ${queue.table} limit ${exactUpTo}) as first_rows`;
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
