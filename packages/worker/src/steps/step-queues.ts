import type {
  Clock,
  SqlClient,
  SqlConnection,
  SqlRow,
  SqlStatement,
} from "@tasker-observability/core";
import type { DeadLetterNotes } from "./dead-letter.js";
import { isNameRefused } from "./sql-failure.js";
import {
  type ClaimedMessage,
  type Fence,
  type GivenBack,
  givenBackKey,
  type MessageKey,
  textOfKey,
} from "./step-message.js";
import { withinTime } from "./within-time.js";

/** The queues of one namespace. */
export interface NamespaceQueues {
  readonly namespace: string;
  readonly steps: string;
  readonly deadLetters: string;
}

/** By Tasker's naming. */
export function queuesOf(namespace: string): NamespaceQueues {
  return { namespace, steps: `${namespace}_queue`, deadLetters: `${namespace}_dead_letter` };
}

/** A message that is to become visible again. */
export interface Retry {
  readonly fence: Fence;
  readonly delayMs: number;
  /** Of its claims, how many were no attempts: they are taken off its read count. */
  readonly givenBack: number;
  /** What its message is to carry from now on; null leaves the message as it is. */
  readonly mark: GivenBack | null;
}

/** A message that is given up, with what is kept beside it. */
export interface DeadLetter {
  readonly claim: ClaimedMessage;
  readonly notes: DeadLetterNotes;
}

/** What a step's life asks of PGMQ. Every call is one transaction. */
export interface StepQueues {
  /** A claim that does not come back in time is rolled back: it has used no attempt. */
  claim(queueName: string, most: number): Promise<ClaimedMessage[]>;
  archive(queueName: string, claims: readonly ClaimedMessage[]): Promise<void>;
  retry(queueName: string, retries: readonly Retry[]): Promise<void>;
  /** Sends the letters and archives their messages, together or not at all. */
  deadLetter(
    queueName: string,
    deadLetterQueue: string,
    letters: readonly DeadLetter[],
  ): Promise<void>;
  /** Hides the messages for a whole visibility time-out more. @returns those that are still ours, by `textOfKey`. */
  renew(queueName: string, fences: readonly Fence[]): Promise<ReadonlySet<string>>;
  send(queueName: string, messages: readonly unknown[]): Promise<void>;
  /** Has inserts into a queue notify, unless they do: a queue that is made anew has no trigger for it. */
  enableNotify(queueName: string): Promise<void>;
  /** Notifies whoever listens on a channel. */
  notify(channel: string): Promise<void>;
}

export interface StepQueuesOptions {
  readonly client: SqlClient;
  readonly clock: Clock;
  readonly visibilityTimeoutSeconds: number;
  /** Milliseconds after which a transaction is given up and its connection destroyed; the server has given it up by then. */
  readonly statementTimeoutMs: number;
  /** Ends what is under way, and all that comes after. */
  readonly closing: AbortSignal;
}

/** Steps on PGMQ queues. Queue names come from namespaces, which are checked to be plain identifiers. */
export function createStepQueues(options: StepQueuesOptions): StepQueues {
  const { visibilityTimeoutSeconds } = options;
  const query = (statement: SqlStatement, lockMs = lockTimeoutMs): Promise<readonly SqlRow[]> =>
    transact(options, statement, lockMs);
  return Object.freeze({
    async claim(queueName: string, most: number) {
      const rows = await query({
        name: "tasker_claim",
        text: claimText,
        values: [queueName, visibilityTimeoutSeconds, most],
      });
      return rows.map((row) => toClaim(queueName, row));
    },
    async archive(queueName: string, claims: readonly ClaimedMessage[]) {
      await query({
        name: `tasker_archive_${queueName}`,
        text: archiveText(queueName),
        values: [queueName, JSON.stringify(claims.map(toKey))],
      });
    },
    async retry(queueName: string, retries: readonly Retry[]) {
      const rows = retries.map(({ fence, delayMs, givenBack, mark }) => ({
        ...toFence(fence),
        delay_ms: delayMs,
        given_back: givenBack,
        mark: mark === null ? null : { [givenBackKey]: mark },
      }));
      await query({
        name: `tasker_retry_${queueName}`,
        text: retryText(queueName),
        values: [JSON.stringify(rows)],
      });
    },
    async deadLetter(queueName: string, deadLetterQueue: string, letters: readonly DeadLetter[]) {
      const rows = letters.map(({ claim, notes }) => ({ ...toKey(claim), notes }));
      await query({
        name: `tasker_dead_letter_${queueName}`,
        text: deadLetterText(queueName),
        values: [queueName, deadLetterQueue, JSON.stringify(rows)],
      });
    },
    async renew(queueName: string, fences: readonly Fence[]) {
      const values = [JSON.stringify(fences.map(toFence)), visibilityTimeoutSeconds];
      const rows = await query({
        name: `tasker_renew_${queueName}`,
        text: renewText(queueName),
        values,
      });
      return new Set(rows.map((row) => textOfKey(toMessageKey(row))));
    },
    async send(queueName: string, messages: readonly unknown[]) {
      // PGMQ notifies under a lock that whoever sends in a longer transaction holds to its end.
      await query(
        { name: "tasker_send", text: sendText, values: [queueName, JSON.stringify(messages)] },
        options.statementTimeoutMs,
      );
    },
    async enableNotify(queueName: string) {
      await query({ text: enableNotifyText, values: [queueName] });
    },
    async notify(channel: string) {
      await query({ text: "select pg_notify($1::text, '')", values: [channel] });
    },
  });
}

/**
 * One statement in a transaction with time-outs of its own, which a transaction pooler leaves alone.
 * What the client gives up the server rolls back: a claim that nobody received would cost its steps an attempt.
 */
async function transact(
  options: StepQueuesOptions,
  statement: SqlStatement,
  lockMs: number,
): Promise<readonly SqlRow[]> {
  const run = async (connection: SqlConnection): Promise<readonly SqlRow[]> => {
    await connection.query({ text: beginText(options.statementTimeoutMs, lockMs) });
    const rows = await connection.query(statement);
    await connection.query({ text: "commit" });
    return rows;
  };
  const { clock, closing, statementTimeoutMs: limitMs } = options;
  return withinTime({ clock, closing, limitMs }, async (signal) => {
    try {
      return await options.client.withConnection(run, { signal });
    } catch (error) {
      if (!isNameRefused(error)) throw error;
      // The refusal has undone the transaction, and the client names nothing from then on.
      return options.client.withConnection(run, { signal });
    }
  });
}

function toKey({ messageId, enqueuedUs }: MessageKey): { msg_id: string; enqueued_us: string } {
  return { msg_id: messageId, enqueued_us: enqueuedUs };
}

function toFence({ readCount, ...key }: Fence): ReturnType<typeof toKey> & { read_ct: number } {
  return { ...toKey(key), read_ct: readCount };
}

function toMessageKey(row: SqlRow): MessageKey {
  return { messageId: String(row.msg_id), enqueuedUs: String(row.enqueued_us) };
}

function toClaim(queueName: string, row: SqlRow): ClaimedMessage {
  return {
    queueName,
    ...toMessageKey(row),
    readCount: Number(row.read_ct),
    ageMs: Number(row.age_ms),
    body: row.message,
  };
}

/** A queue that is locked, by an uncommitted drop say, is given up soon, so that others get their turn. */
const lockTimeoutMs = 1_000;

// A worker that is cut off in mid-transaction holds no row for long. PGMQ's functions are compiled by whoever calls them, and
// have backslashes in their texts.
const beginText = (timeoutMs: number, lockMs: number): string =>
  `begin; set local lock_timeout = ${lockMs}; set local statement_timeout = ${Math.ceil(timeoutMs * 0.9)}; set local idle_in_transaction_session_timeout = ${timeoutMs}; set local standard_conforming_strings = on`;

/** Exact, whatever time zone and style of dates the session has. */
const enqueuedUs = "(extract(epoch from enqueued_at) * 1000000)::bigint";

const claimText = `select msg_id::text as msg_id, ${enqueuedUs}::text as enqueued_us, read_ct, message,
       greatest(extract(epoch from clock_timestamp() - enqueued_at) * 1000, 0)::float8 as age_ms
  from pgmq.read($1::text, $2::int, $3::int)`;

const archiveText = (queueName: string): string => `select pgmq.archive($1::text, array(
  select msg_id from json_to_recordset($2::text::json) as done(msg_id bigint, enqueued_us bigint) join pgmq.q_${queueName} as queue using (msg_id)
   where ${enqueuedUs} = done.enqueued_us))`;

// Only while nobody has claimed the message since: another worker's time-out is not ours to move.
const retryText = (queueName: string): string => `update pgmq.q_${queueName} as queue
   set vt = clock_timestamp() + wanted.delay_ms * interval '1 millisecond', read_ct = greatest(queue.read_ct - wanted.given_back, 0),
       message = case when wanted.mark is null then queue.message else queue.message || wanted.mark end
  from json_to_recordset($1::text::json) as wanted(msg_id bigint, enqueued_us bigint, read_ct int, delay_ms float8, given_back int, mark jsonb)
 where queue.msg_id = wanted.msg_id and queue.read_ct = wanted.read_ct and ${enqueuedUs} = wanted.enqueued_us`;

const renewText = (queueName: string): string => `update pgmq.q_${queueName} as queue
   set vt = clock_timestamp() + $2::int * interval '1 second'
  from json_to_recordset($1::text::json) as wanted(msg_id bigint, enqueued_us bigint, read_ct int)
 where queue.msg_id = wanted.msg_id and queue.read_ct = wanted.read_ct and ${enqueuedUs} = wanted.enqueued_us
returning queue.msg_id::text as msg_id, wanted.enqueued_us::text as enqueued_us`;

// The message goes from table to table as it is: by way of JavaScript its large numbers would lose digits.
// One that is no longer there was settled by somebody else, and leaves no second letter. (Materialized: what is archived is looked for first.)
const deadLetterText = (queueName: string): string => `with dead as materialized (
  select msg_id, jsonb_build_object('message', case jsonb_typeof(queue.message) when 'object' then queue.message - '${givenBackKey}' else queue.message end) || dead.notes as letter
    from json_to_recordset($3::text::json) as dead(msg_id bigint, enqueued_us bigint, notes jsonb) join pgmq.q_${queueName} as queue using (msg_id)
   where ${enqueuedUs} = dead.enqueued_us),
archived as materialized (
  select letter from dead where pgmq.archive($1::text, msg_id))
select pgmq.send($2::text, letter) from archived`;

const sendText = `select pgmq.send_batch($1::text, array(select value::jsonb from json_array_elements($2::text::json)))`;

const enableNotifyText = `select pgmq.enable_notify_insert($1::text)
 where not exists (select from pg_catalog.pg_trigger where tgrelid = to_regclass('pgmq.q_' || $1) and tgname = 'trigger_notify_queue_insert_listeners')`;
