import { fenceColumnsSql, matchesFenceSql, visibleAtMicrosSql } from "../queues/claim-fence.js";
import type { WrittenOutcomeKind } from "./outcome.js";
import { firstReleaseKey } from "../queues/step-message.js";
import type { NamespaceQueues } from "../queues/step-queues.js";

/** Which statement writes a batch of outcomes. */
export interface OutcomeStatement {
  readonly kind: WrittenOutcomeKind;
  readonly queues: NamespaceQueues;
  /** The columns that queue and archive share beside `msg_id`, where messages are archived whose ids the archive has already. */
  readonly commonColumns: string | null;
  readonly hasEvents: boolean;
  /** Whether a message among them has headers, which its dead letter keeps and of which its events inherit. */
  readonly hasHeaders: boolean;
}

/** Each row of the JSON in `$1` is a {@link OutcomeRow}. */
const rowColumnsSql = `${fenceColumnsSql}, delay_ms float8, uncounted_claims int, visible_at_micros bigint, added_keys jsonb, metadata jsonb, events json`;

/** One thing that a statement does, as queries of its WITH. */
interface Part {
  readonly sql: string;
  /** SQL that is true if every row was stored. */
  readonly isStored: string;
}

/**
 * Writes outcomes of one kind to one queue, where the claim of the message is still valid. These messages are locked first, so that
 * no other claim comes in between. It answers with one row: `written` are the keys of the messages, null where that is all of them. `is_stored` is true if everything was written: a trigger that
 * returns NULL keeps rows out without an error, and then the transaction must not be committed.
 *
 * Dead letters with events, in outline:
 *
 *     with claimed as (the messages whose claim is still valid, locked),
 *          settled as (archive those; a retry delays them instead),
 *          dead_lettered as (send those to the queue of dead letters),
 *          unsent as (their events that no earlier transaction has sent),
 *          published as (send those)
 *     select the claimed messages as written, has each query stored as many as the one before it? as is_stored
 */
export function outcomeSql(statement: OutcomeStatement): string {
  const { kind, queues, hasEvents, hasHeaders } = statement;
  const parts: readonly Part[] = [
    kind === "retried" ? retrySql(queues) : archiveSql(statement),
    ...(kind === "dead_lettered" ? [deadLetterSql(statement)] : []),
    ...(hasEvents ? [publishSql(hasHeaders)] : []),
  ];
  return `with ${lockClaimedSql(statement)},
${parts.map(({ sql }) => sql).join(",\n")}
select ${writtenSql} as written, ${parts.map(({ isStored }) => isStored).join(" and ")} as is_stored${hasEvents ? `, ${transactionIdSql}` : ""}`;
}

function lockClaimedSql({ kind, queues, hasHeaders }: OutcomeStatement): string {
  const sent =
    kind === "dead_lettered" ? `, queue.message${hasHeaders ? ", queue.headers" : ""}` : "";
  return `claimed as materialized (
  select wanted.*${sent}
    from json_to_recordset($1::text::json) as wanted(${rowColumnsSql})
    join pgmq.q_${queues.stepQueue} as queue on ${matchesFenceSql}${kind === "retried" ? ` and ${isSameClaimSql}` : ""}
     for update of queue)`;
}

/** A release lowers the read count, and so the claim after it has the same: a release that is tried again must not match that one. */
const isSameClaimSql = `(wanted.uncounted_claims = 0 or ${visibleAtMicrosSql} = wanted.visible_at_micros)`;

/** As `formatMessageKey` writes them, with commas between: a full batch, as nearly all are, is not listed. */
const writtenSql = `case when (select count(*) from claimed) < json_array_length($1::text::json)
       then (select coalesce(string_agg(claimed.msg_id || ' ' || claimed.enqueued_at_micros, ','), '') from claimed) end`;

/** It also makes the query `name` run: PostgreSQL leaves out a SELECT that nothing reads, whatever it calls. */
function hasAllOfSql(name: string, from: string): string {
  return `(select count(*) from ${name}) = (select count(*) from ${from})`;
}

const isSettledSql = hasAllOfSql("settled", "claimed");

/** The id of the transaction under way, by which {@link isCommittedSql} knows it afterwards. */
const transactionIdSql = "txid_current()::text as transaction_id";

/**
 * Whether one of the transactions in `ids`, an SQL expression, was committed. The caller must hold the lock of a message that they
 * wrote, so that they have ended. After a failover, an id may be higher than any of this server: such a one counts as not committed.
 */
function isCommittedSql(ids: string): string {
  return `exists (select from json_array_elements_text(${ids}) as earlier(id)
    where case when id::bigint < txid_current() then txid_status(id::bigint) = 'committed' end)`;
}

function retrySql({ stepQueue }: NamespaceQueues): Part {
  const sql = `settled as (
  update pgmq.q_${stepQueue} as queue
     set vt = clock_timestamp() + claimed.delay_ms * interval '1 millisecond', read_ct = greatest(queue.read_ct - claimed.uncounted_claims, 0),
         message = case when claimed.added_keys is null then queue.message else queue.message || claimed.added_keys end
    from claimed where queue.msg_id = claimed.msg_id
  returning queue.msg_id)`;
  return { sql, isStored: isSettledSql };
}

function archiveSql({ queues: { stepQueue }, commonColumns }: OutcomeStatement): Part {
  if (commonColumns === null) {
    const sql = `settled as materialized (select pgmq.archive('${stepQueue}'::text, array(select msg_id from claimed)) as msg_id)`;
    return { sql, isStored: isSettledSql };
  }
  // The ids of queues are positive, and so a negative one is free for good.
  const sql = `settled as (
  delete from pgmq.q_${stepQueue} as queue using claimed where queue.msg_id = claimed.msg_id returning queue.*),
archived as (
  insert into pgmq.a_${stepQueue} (msg_id, ${commonColumns})
  select case when exists (select from pgmq.a_${stepQueue} as archive where archive.msg_id = settled.msg_id)
              then least((select min(msg_id) from pgmq.a_${stepQueue}), 0) - row_number() over ()
              else settled.msg_id end, ${commonColumns}
    from settled
  returning msg_id)`;
  return { sql, isStored: `${isSettledSql} and ${hasAllOfSql("archived", "claimed")}` };
}

// The message goes from table to table as it is: by way of JavaScript its large numbers would lose digits.
function deadLetterSql({ queues: { deadLetterQueue }, hasHeaders }: OutcomeStatement): Part {
  const headers = hasHeaders
    ? ", array(select claimed.headers from claimed join settled using (msg_id) order by msg_id)"
    : "";
  const sql = `dead_lettered as materialized (
  select pgmq.send_batch('${deadLetterQueue}'::text, array(
    select jsonb_build_object('message', case jsonb_typeof(claimed.message) when 'object' then claimed.message - '${firstReleaseKey}' else claimed.message end) || claimed.metadata from claimed join settled using (msg_id) order by msg_id)${headers})
   where exists (select from settled))`;
  return { sql, isStored: hasAllOfSql("dead_lettered", "claimed") };
}

function publishSql(hasHeaders: boolean): Part {
  const sql = `unsent as materialized (
  select claimed.msg_id, event.* from claimed
   cross join json_to_recordset(claimed.events) as event(queue_name text, message jsonb, headers jsonb, tried_in json)
   where not ${isCommittedSql("event.tried_in")}),
published as materialized (
  select pgmq.send_batch(queue_name, messages${hasHeaders ? ", headers" : ""})
    from (select unsent.queue_name, array_agg(unsent.message) as messages, array_agg(unsent.headers) as headers
            from unsent join settled using (msg_id)
           group by 1) as queues)`;
  return { sql, isStored: hasAllOfSql("published", "unsent") };
}

/** Sends one event, `$2`, to the queue `$1`; with its headers, `$3`, where it has some. */
export function sendEventSql(hasHeaders: boolean): string {
  return `select pgmq.send_batch($1::text, array[$2::text::jsonb]${hasHeaders ? ", array[$3::text::jsonb]" : ""}), ${transactionIdSql}`;
}

/** Whether one of the transactions in the JSON of `$1` was committed. */
export const isAnyCommittedSql = `select ${isCommittedSql("$1::text::json")} as is_committed`;

/** Whether the database can store an event, `$1`, and its headers, `$2`, wherever they are written. */
export const tryCastSql = "select $1::text::jsonb, $2::text::jsonb";

/** Which of the messages in the JSON of `$1` are archived as their claim left them. */
export function findArchivedSql({ stepQueue }: NamespaceQueues): string {
  return `select wanted.msg_id::text as msg_id, wanted.enqueued_at_micros::text as enqueued_at_micros
  from json_to_recordset($1::text::json) as wanted(${fenceColumnsSql}) join pgmq.a_${stepQueue} as queue on ${matchesFenceSql}`;
}

/** The columns that an outcome needs to move a message whose id the archive has already: PGMQ's versions differ in them. */
export const commonColumnsSql = `select string_agg(quote_ident(queue.attname), ', ') as columns
  from pg_catalog.pg_attribute as queue
  join pg_catalog.pg_attribute as archive on archive.attname = queue.attname and archive.attrelid = to_regclass('pgmq.a_' || $1::text)
 where queue.attrelid = to_regclass('pgmq.q_' || $1::text) and queue.attnum > 0 and not queue.attisdropped and queue.attname <> 'msg_id'`;
