import type { SqlConnection } from "../sql-client.js";
import type { PgmqQueue } from "./pgmq-queues.js";

/** A queue as the catalog knows it. */
export interface FoundQueue extends PgmqQueue {
  readonly state: "readable" | "missing" | "forbidden";
  /** The quoted, qualified name of its table; empty where missing. */
  readonly table: string;
  /** The planner's row count; 0 where it has none yet. */
  readonly estimatedRows: number;
}

// The catalog is asked by join, not by to_regclass: that raises an error where the schema is not ours to use.
// PGMQ folds table names to lower case, and so does this.
const statement = `select wanted.queue_name,
       quote_ident(tables.nspname) || '.' || quote_ident(tables.relname) as table_name,
       coalesce(has_schema_privilege(tables.nspoid, 'usage') and has_table_privilege(tables.oid, 'select'), false) as readable,
       greatest(tables.reltuples, 0)::float8 as estimated_rows
  from json_array_elements_text($1::text::json) as wanted(queue_name)
  left join (select c.oid, c.relname, c.reltuples, n.nspname, n.oid as nspoid
               from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 'pgmq' and c.relkind in ('r', 'p')) as tables
    on tables.relname = lower('q_' || wanted.queue_name)`;

/** Looks all queues up in one round trip, in the order given. */
export async function findQueues(connection: SqlConnection, queues: readonly PgmqQueue[]): Promise<readonly FoundQueue[]> {
  const rows = await connection.query({
    name: "tasker_find_queues",
    text: statement,
    values: [JSON.stringify(queues.map((queue) => queue.queue_name))],
  });
  const byName = new Map(rows.map((row) => [row.queue_name, row]));
  return queues.map((queue) => {
    const row = byName.get(queue.queue_name);
    const table = typeof row?.table_name === "string" ? row.table_name : "";
    const state = table === "" ? "missing" : row?.readable === true ? "readable" : "forbidden";
    return { namespace: queue.namespace, queue_name: queue.queue_name, state, table, estimatedRows: Number(row?.estimated_rows ?? 0) };
  });
}
