import { hasHeadersText } from "../queues/pgmq-headers.js";
import { NotStoredError } from "../queues/sql-failure.js";
import { queuesOf } from "../queues/step-queues.js";
import { chosen, type DeadLetterFilter, valuesOf } from "./dead-letter-filter.js";
import type { Transaction } from "./transaction.js";

/** So many letters are settled in one transaction. */
const batchLength = 100;
/** What is sent at once is one value to the database, which takes no more than 1 GB for one. */
const batchBytes = 4 * 2 ** 20;

interface ChangedBatch {
  readonly count: number;
  readonly last_id: string | null;
  /** Whether what was to be archived and sent is: a trigger that returns NULL keeps rows out without an error. */
  readonly is_stored: boolean;
}

// Who sends to a queue that notifies holds a lock that every other sender waits for: sending comes last, all at once.
const retryText = (
  choice: DeadLetterFilter,
  hasHeaders: boolean,
): string => `with chosen as materialized (
  ${chosen(choice, `letters.msg_id, opened.message, ${hasHeaders ? "letters.headers" : "null::jsonb as headers"}`)} for update of letters skip locked),
measured as (
  select msg_id, message->'message' as message, headers, sum(pg_column_size(message)) over (order by msg_id) - pg_column_size(message) as bytes_before from chosen),
portion as materialized (
  select msg_id, message, headers from measured where bytes_before < ${batchBytes}),
archived as materialized (
  select pgmq.archive($6::text, array(select msg_id from portion)) as msg_id),
batch as materialized (
  select array_agg(message order by msg_id) as messages, array_agg(headers order by msg_id) as headers, max(msg_id) as last_id, count(*) as letters, count(archived.msg_id) as archived from portion left join archived using (msg_id)),
sent as materialized (
  select count(*) as count from batch cross join lateral pgmq.send_batch($7::text, batch.messages${hasHeaders ? ", batch.headers" : ""}) where last_id is not null)
select sent.count::int as count, last_id::text as last_id, archived = letters and sent.count = letters as is_stored from batch cross join sent where last_id is not null`;

const purgeText = (choice: DeadLetterFilter): string => `with portion as materialized (
  ${chosen(choice, "letters.msg_id")} for update of letters skip locked),
gone as materialized (
  select pgmq.delete($6::text, array(select msg_id from portion)) as msg_id)
select count(*)::int as count, max(msg_id)::text as last_id, true as is_stored from gone`;

/**
 * Settles the chosen letters that are there now, the oldest first, in portions that are committed one by one: `retry` sends their
 * messages, headers and all, to their namespace's queue and archives the letters, `purge` deletes them. A letter that somebody else holds is passed over.
 * @returns how many each portion held, once it is committed.
 * @throws NotStoredError where a trigger kept a letter or its message out: nothing of that portion is committed.
 */
export async function* redriveOrPurge(
  transaction: Transaction,
  choice: DeadLetterFilter,
  action: "retry" | "purge",
): AsyncGenerator<number> {
  const { steps, deadLetters } = queuesOf(choice.namespace);
  const text =
    action === "retry" ? retryText(choice, await readHasHeaders(transaction)) : purgeText(choice);
  const queues = action === "retry" ? [deadLetters, steps] : [deadLetters];
  // A step that fails again at once is a new letter: it must not be retried for ever.
  const upTo = await lastId(transaction, deadLetters);
  let left = choice.limit ?? Number.POSITIVE_INFINITY;
  let after = "0";
  while (left > 0) {
    const range = { ...choice, limit: Math.min(left, batchLength), after, upTo };
    const portion = await transaction(async (client) => {
      const { rows } = await client.query(text, [...valuesOf(range), ...queues]);
      const [settled] = rows as ChangedBatch[];
      if (settled?.is_stored === false) throw new NotStoredError(`Dead letters of ${deadLetters}`);
      return settled;
    });
    if (portion === undefined || portion.last_id === null) return;
    yield portion.count;
    left -= portion.count;
    after = portion.last_id;
  }
}

async function readHasHeaders(transaction: Transaction): Promise<boolean> {
  const { rows } = await transaction((client) => client.query(hasHeadersText, []));
  return (rows as { has_headers: boolean }[])[0]?.has_headers === true;
}

async function lastId(transaction: Transaction, queue: string): Promise<string> {
  const { rows } = await transaction((client) =>
    client.query(`select coalesce(max(msg_id), 0)::text as id from pgmq.q_${queue}`, []),
  );
  return (rows as { id: string }[])[0]?.id ?? "0";
}
