import { toArrayText } from "./queue-triggers.js";
import type { StepTransactions } from "./step-transactions.js";

/** Reads in one statement when the next message of many queues is visible. Claims nothing. */
export interface QueuePeek {
  /**
   * The statement waits a second for a lock, and takes five seconds at most.
   *
   * @param withinMs - messages that become visible later are ignored.
   */
  read(queueNames: readonly string[], withinMs: number): Promise<PeekedQueues>;
}

/** The result of one statement. */
export interface PeekedQueues {
  /**
   * Milliseconds until the earliest message is visible, negative if it is; no entry if there is none within the time.
   */
  readonly visibleInMs: ReadonlyMap<string, number>;
  /** Queues that could not be read, or that this role could not claim from. */
  readonly unreadableQueues: ReadonlySet<string>;
  /** How many queues a statement may read. Each table is locked against changes until the statement ends. */
  readonly maxQueues: number;
}

/** Milliseconds that the statement may take. */
const limitMs = 5_000;

export function createQueuePeek({
  transactions,
}: {
  readonly transactions: Pick<StepTransactions, "runAutocommit">;
}): QueuePeek {
  return Object.freeze({
    async read(queueNames: readonly string[], withinMs: number) {
      const values = [toArrayText(queueNames), withinMs];
      const [row] = await transactions.runAutocommit({ text: peekSql, values }, limitMs);
      const found = typeof row?.found === "string" ? row.found : "{}";
      return toPeekedQueues(found, Number(row?.max_queues));
    },
  });
}

function toPeekedQueues(found: string, maxQueues: number): PeekedQueues {
  const entries = Object.entries(JSON.parse(found) as Record<string, number | null>);
  return {
    visibleInMs: new Map(
      entries.flatMap(([name, inMs]) => (inMs === null ? [] : [[name, inMs] as const])),
    ),
    unreadableQueues: new Set(entries.flatMap(([name, inMs]) => (inMs === null ? [name] : []))),
    maxQueues,
  };
}

// One statement without a transaction around it, and the same text for any queues, so that nothing has to be prepared:
// query_to_xml runs a query that is a value. Its settings apply to the queries that it runs, and end with it. Without sorts, the
// planner takes the index on `vt` whatever it knows of a table. All queues together get a sixth of the server's table of locks,
// at a lock each for the table and its two indexes.
const peekSql = `with settings as materialized (
  select set_config('lock_timeout', '1000', true), set_config('enable_sort', 'off', true), set_config('row_security', 'on', true)),
wanted as materialized (
  select name, to_regclass('pgmq.q_' || name) as relation from unnest($1::text[]) as wanted(name)),
claimable as materialized (
  select name, coalesce(current_setting('transaction_read_only') = 'off' and has_table_privilege(relation, 'select')
           and has_table_privilege(relation, 'update'), false) as is_claimable from wanted),
polled as materialized (
  select name, is_claimable, case when is_claimable then
           query_to_xml('select extract(epoch from vt) as at from pgmq.q_' || name || ' order by vt limit 1', false, true, '')::text end as answer
    from settings cross join claimable),
timed as materialized (
  select name, is_claimable, (substring(answer from '<at>([^<]*)</at>')::float8 - extract(epoch from clock_timestamp())::float8) * 1000 as in_ms
    from polled)
select json_object_agg(name, in_ms) filter (where not is_claimable or in_ms <= $2::float8)::text as found,
       greatest(1, current_setting('max_locks_per_transaction')::int * current_setting('max_connections')::int / 18) as max_queues
  from timed`;
