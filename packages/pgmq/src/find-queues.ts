import type { SqlConnection, SqlRow } from "@tasker-observability/postgres";
import type { PgmqQueue } from "./pgmq-queue.js";

/** A queue as the catalog knows it. */
export interface FoundQueue extends PgmqQueue {
  /** `timed_out` where the catalog did not answer in time, and no earlier reading found it. */
  readonly state: "readable" | "missing" | "forbidden" | "timed_out";
  /** The number of its table in the catalog; empty where not found. */
  readonly oid: string;
  /** The quoted, qualified name of its table; empty where not found. */
  readonly table: string;
  /** The planner's row count of all partitions; null where there are none: then the table's own is read with its first rows. */
  readonly partitionedRows: number | null;
  /** The column by whose index the oldest message is found; null where there is no such index. */
  readonly oldestBy: "msg_id" | "enqueued_at" | null;
  /** Whether an index finds the visible messages; PGMQ makes none for partitioned queues. */
  readonly hasVisibleIndex: boolean;
  /** How it was found last, or is taken to be, which says how it is best read; `index_offset` where no fewer messages were visible than are counted. */
  readonly queryForm: "first_rows" | "index_count" | "index_offset";
}

// The catalog is asked by join, not by to_regclass: that raises an error where the schema is not ours to use.
// PGMQ folds table names to lower case, and PostgreSQL cuts them, and so does this. The limit keeps the look-up of one
// table on its index, where the planner would scan the whole catalog. Nobody analyzes a partitioned table by itself, so
// its rows are those of its partitions.
const findQueuesSql = `select wanted.queue,
       tables.oid::text as oid,
       format('pgmq.%I', tables.relname) as place,
       has_schema_privilege(tables.relnamespace, 'usage') and has_table_privilege(tables.oid, 'select') as readable,
       case when tables.relkind = 'p' then (
         with recursive parts as (
           select inhrelid from pg_catalog.pg_inherits where inhparent = tables.oid
           union all
           select i.inhrelid from pg_catalog.pg_inherits i join parts on i.inhparent = parts.inhrelid)
         select coalesce(sum(greatest(leaf.reltuples, 0)), 0) from parts join pg_catalog.pg_class leaf on leaf.oid = parts.inhrelid and leaf.relkind = 'r')
       end::float8 as partitioned_rows,
       tables.reltuples::float8 as rows,
       (select string_agg(a.attname::text, ' ')
          from pg_catalog.pg_index i
          join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
         where i.indrelid = tables.oid and i.indisvalid and i.indpred is null) as indexed
  from json_array_elements_text($1::text::json) as wanted(queue)
  join lateral (select c.oid, c.relname, c.relnamespace, c.relkind, c.reltuples
                  from pg_catalog.pg_class c
                 where c.relname = lower('q_' || wanted.queue)::name
                   and c.relnamespace = (select n.oid from pg_catalog.pg_namespace n where n.nspname = 'pgmq')
                   and c.relkind in ('r', 'p')
                 limit 1) as tables on true`;

/**
 * Looks all queues up in one round trip, in the order given.
 * @param deepFrom - the rows, as the planner knows them, from which a queue is taken to be deep.
 */
export async function findQueues(
  connection: SqlConnection,
  queues: readonly PgmqQueue[],
  statementName: string,
  deepFrom: number,
): Promise<readonly FoundQueue[]> {
  const names = queues.map((queue) => queue.queue_name).filter(canBeStored);
  const rows = await connection.query({
    name: statementName,
    text: findQueuesSql,
    values: [JSON.stringify(names)],
  });
  const byName = new Map(rows.map((row) => [row.queue, row]));
  return queues.map((queue) => toFoundQueue(queue, byName.get(queue.queue_name), deepFrom));
}

/** PostgreSQL refuses the whole statement for a NUL or half a surrogate pair in one name. */
function canBeStored(name: string): boolean {
  return !/\0|\p{Surrogate}/u.test(name);
}

function toFoundQueue(
  { namespace, queue_name }: PgmqQueue,
  row: SqlRow | undefined,
  deepFrom: number,
): FoundQueue {
  const indexed = new Set(textOf(row?.indexed).split(" "));
  return {
    namespace,
    queue_name,
    state: stateOf(row?.readable),
    oid: textOf(row?.oid),
    table: textOf(row?.place),
    partitionedRows: row?.partitioned_rows == null ? null : Number(row.partitioned_rows),
    oldestBy: indexed.has("msg_id") ? "msg_id" : indexed.has("enqueued_at") ? "enqueued_at" : null,
    hasVisibleIndex: indexed.has("vt"),
    queryForm: Number(row?.rows ?? 0) >= deepFrom ? "index_count" : "first_rows",
  };
}

/** The privilege functions give null for a table that was dropped meanwhile. */
function stateOf(readable: unknown): FoundQueue["state"] {
  if (typeof readable !== "boolean") return "missing";
  return readable ? "readable" : "forbidden";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
