import { toSafeCause } from "../errors.js";
import type { QueueStatistics } from "../ports.js";
import type { SqlConnection, SqlRow } from "../sql-client.js";
import type { FoundQueue } from "./find-queues.js";
import { unreadQueue } from "./unread-queue.js";

/** Limits of one reading. */
export interface QueueReaderOptions {
  readonly exactUpTo: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}

/** Reads the numbers of queues that exist, keyed by queue name. */
export interface QueueReader {
  read(connection: SqlConnection, queues: readonly FoundQueue[]): Promise<ReadonlyMap<string, QueueStatistics>>;
}

/** Planning one wide UNION takes seconds at a thousand queues; 25 at a time plan in milliseconds. */
const queuesPerStatement = 25;
/** Names of prepared statements live as long as their connection, so there is a bound on how many are made. */
const maxStatementNames = 200;

export function createQueueReader(options: QueueReaderOptions): QueueReader {
  const nameOf = createStatementNames();
  const begin = `begin read only; set local lock_timeout = ${options.lockTimeoutMs}; set local statement_timeout = ${options.statementTimeoutMs}`;
  const readChunk = async (connection: SqlConnection, chunk: readonly FoundQueue[]): Promise<readonly QueueStatistics[]> => {
    const text = statementFor(chunk, options.exactUpTo);
    await connection.query({ text: begin });
    try {
      const rows = await connection.query({ text, values: [], name: nameOf(text) });
      await connection.query({ text: "commit" });
      return rows.map((row) => toStatistics(chunk, row, options.exactUpTo));
    } catch (error) {
      await connection.query({ text: "rollback" });
      return await readApart(connection, chunk, error);
    }
  };
  const readApart = async (connection: SqlConnection, chunk: readonly FoundQueue[], error: unknown): Promise<readonly QueueStatistics[]> => {
    if (chunk.length === 1) return chunk.map((queue) => unreadQueue(queue, stateAfter(error)));
    const apart: QueueStatistics[] = [];
    for (const queue of chunk) apart.push(...(await readChunk(connection, [queue])));
    return apart;
  };
  return {
    async read(connection, queues) {
      const numbers = new Map<string, QueueStatistics>();
      for (let start = 0; start < queues.length; start += queuesPerStatement) {
        const chunk = queues.slice(start, start + queuesPerStatement);
        for (const queue of await readChunk(connection, chunk)) numbers.set(queue.queue_name, queue);
      }
      return numbers;
    },
  };
}

/** Gives each text one name, unique to this reader, so that a shared pool never sees one name for two texts. */
function createStatementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  const prefix = `tasker_read_queues_${crypto.randomUUID().slice(0, 8)}`;
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= maxStatementNames) return known;
    const name = `${prefix}_${names.size}`;
    names.set(text, name);
    return name;
  };
}

/** Counts stop at the bound; ages come from the heads of the primary key and of the index on `vt`. */
function statementFor(chunk: readonly FoundQueue[], exactUpTo: number): string {
  return chunk
    .map(
      ({ table }, index) => `select ${index} as position,
  (select count(*) from (select 1 from ${table} limit ${exactUpTo}) as counted)::int as depth,
  (select count(*) from (select 1 from ${table} where vt <= now() limit ${exactUpTo}) as counted)::int as visible_depth,
  (select floor(extract(epoch from now() - enqueued_at)) from ${table} order by msg_id limit 1)::float8 as oldest_age,
  (select floor(extract(epoch from now() - vt)) from ${table} where vt <= now() order by vt limit 1)::float8 as oldest_visible_age`,
    )
    .join("\nunion all\n");
}

function toStatistics(chunk: readonly FoundQueue[], row: SqlRow, exactUpTo: number): QueueStatistics {
  const queue = chunk[Number(row.position)];
  if (queue === undefined) throw new Error("A row came back for a queue that was not asked for.");
  const estimate = (counted: number): number => (counted < exactUpTo ? counted : Math.max(exactUpTo, Math.round(queue.estimatedRows)));
  const counted = Number(row.depth);
  return {
    namespace: queue.namespace,
    queue_name: queue.queue_name,
    state: "readable",
    depth: toSafeInteger(estimate(counted)),
    visible_depth: toSafeInteger(estimate(Number(row.visible_depth))),
    oldest_message_age_seconds: toAge(row.oldest_age),
    oldest_visible_age_seconds: toAge(row.oldest_visible_age),
    depth_estimated: counted >= exactUpTo,
  };
}

// A clock that was set back makes an age negative; an age is never that.
function toAge(value: unknown): number | null {
  return value === null ? null : toSafeInteger(Math.max(0, Number(value)));
}

function toSafeInteger(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError("A queue's number is beyond 2^53.");
  return value;
}

function stateAfter(error: unknown): QueueStatistics["state"] {
  const { code } = toSafeCause(error);
  return code === "42P01" ? "missing" : code === "42501" ? "forbidden" : "failed";
}
