import { hasHeadersSql } from "../queues/pgmq-headers.js";
import { NotStoredError } from "../queues/sql-failure.js";
import { queuesOf } from "../queues/step-queues.js";
import { type DeadLetterFilter, selectSql, valuesOf } from "./dead-letter-filter.js";
import type { DeadLetterClient } from "./read-dead-letters.js";
import type { RunInTransaction } from "./transaction.js";

/** How many dead letters a filter chooses. */
export async function countDeadLetters(
  client: DeadLetterClient,
  filter: DeadLetterFilter,
): Promise<number> {
  const { rows } = await client.query(
    `select count(*)::int as count from (${selectSql(filter, "dead_letters.msg_id")}) as chosen`,
    valuesOf(filter),
  );
  return (rows as { count: number }[])[0]?.count ?? 0;
}

/** The most messages in one transaction. */
const batchLength = 100;
/** A batch is one value to the database, and PostgreSQL's limit for a value is 1 GB. */
const batchBytes = 4 * 2 ** 20;

/** One row of a change; none if the filter matches nothing more. */
interface ChangedBatch {
  readonly count: number;
  readonly last_id: string | null;
  /** Whether the change reached every row: a trigger that returns NULL keeps rows out without an error. */
  readonly is_complete: boolean;
}

interface Change {
  readonly text: string;
  /** The queues that the statement names after the filter's values. */
  readonly queues: readonly string[];
}

// Sending to a queue that notifies takes a lock that all other senders wait for: so it comes last, in one call.
const redriveSql = (
  filter: DeadLetterFilter,
  hasHeaders: boolean,
): string => `with chosen as materialized (
  ${selectSql(filter, `dead_letters.msg_id, opened.message, ${hasHeaders ? "dead_letters.headers" : "null::jsonb as headers"}`)} for update of dead_letters skip locked),
measured as (
  select msg_id, message->'message' as message, headers, sum(pg_column_size(message)) over (order by msg_id) - pg_column_size(message) as bytes_before from chosen),
batch as materialized (
  select msg_id, message, headers from measured where bytes_before < ${batchBytes}),
archived as materialized (
  select pgmq.archive($6::text, array(select msg_id from batch)) as msg_id),
combined as materialized (
  select array_agg(message order by msg_id) as messages, array_agg(headers order by msg_id) as headers, max(msg_id) as last_id, count(*) as expected, count(archived.msg_id) as archived from batch left join archived using (msg_id)),
sent as materialized (
  select count(*) as count from combined cross join lateral pgmq.send_batch($7::text, combined.messages${hasHeaders ? ", combined.headers" : ""}) where last_id is not null)
select sent.count::int as count, last_id::text as last_id, archived = expected and sent.count = expected as is_complete from combined cross join sent where last_id is not null`;

const purgeSql = (filter: DeadLetterFilter): string => `with batch as materialized (
  ${selectSql(filter, "dead_letters.msg_id")} for update of dead_letters skip locked),
deleted as materialized (
  select pgmq.delete($6::text, array(select msg_id from batch)) as msg_id)
select count(deleted.msg_id)::int as count, max(batch.msg_id)::text as last_id, count(deleted.msg_id) = count(*) as is_complete from batch left join deleted using (msg_id)`;

/**
 * Sends the step messages of the chosen dead letters back to their namespace's queue, headers included, and archives the dead
 * letters: in batches that are committed one by one, the oldest first. Skips what another transaction has locked.
 * @returns the number of messages in each batch, once it is committed.
 * @throws NotStoredError if a trigger dropped a row: nothing of that batch is committed.
 */
export async function* redrive(
  runInTransaction: RunInTransaction,
  filter: DeadLetterFilter,
): AsyncGenerator<number> {
  const { stepQueue, deadLetterQueue } = queuesOf(filter.namespace);
  const text = redriveSql(filter, await readHasHeaders(runInTransaction));
  yield* inBatches(runInTransaction, filter, { text, queues: [deadLetterQueue, stepQueue] });
}

/**
 * Deletes the chosen dead letters, in batches as {@link redrive} does.
 * @returns the number of messages in each batch, once it is committed.
 * @throws NotStoredError if a trigger kept a row: nothing of that batch is committed.
 */
export async function* purge(
  runInTransaction: RunInTransaction,
  filter: DeadLetterFilter,
): AsyncGenerator<number> {
  const { deadLetterQueue } = queuesOf(filter.namespace);
  yield* inBatches(runInTransaction, filter, { text: purgeSql(filter), queues: [deadLetterQueue] });
}

async function* inBatches(
  runInTransaction: RunInTransaction,
  filter: DeadLetterFilter,
  { text, queues }: Change,
): AsyncGenerator<number> {
  const { deadLetterQueue } = queuesOf(filter.namespace);
  // A step that fails again is a new dead letter: without this limit it would be retried forever.
  const upTo = await readLastId(runInTransaction, deadLetterQueue);
  let left = filter.limit ?? Number.POSITIVE_INFINITY;
  let after = "0";
  while (left > 0) {
    const range = { ...filter, limit: Math.min(left, batchLength), after, upTo };
    const batch = await runInTransaction(async (client) => {
      const { rows } = await client.query(text, [...valuesOf(range), ...queues]);
      const [changed] = rows as ChangedBatch[];
      if (changed?.is_complete === false) throw new NotStoredError(`Changes of ${deadLetterQueue}`);
      return changed;
    });
    if (batch === undefined || batch.last_id === null) return;
    yield batch.count;
    left -= batch.count;
    after = batch.last_id;
  }
}

async function readHasHeaders(runInTransaction: RunInTransaction): Promise<boolean> {
  const { rows } = await runInTransaction((client) => client.query(hasHeadersSql, []));
  return (rows as { has_headers: boolean }[])[0]?.has_headers === true;
}

async function readLastId(runInTransaction: RunInTransaction, queue: string): Promise<string> {
  const { rows } = await runInTransaction((client) =>
    client.query(`select coalesce(max(msg_id), 0)::text as id from pgmq.q_${queue}`, []),
  );
  return (rows as { id: string }[])[0]?.id ?? "0";
}
