import { fenceColumns, isFenced } from "./claim-fence.js";
import type { OutcomeKind } from "./outcome.js";
import { givenBackKey } from "./step-message.js";
import type { NamespaceQueues } from "./step-queues.js";

/** Which statement writes a batch of outcomes. */
export interface OutcomeStatement {
  readonly kind: OutcomeKind;
  readonly queues: NamespaceQueues;
  /** The columns that queue and archive share beside `msg_id`, where messages are archived whose ids the archive has already. */
  readonly sharedColumns: string | null;
}

/** Each row of the JSON in `$1` is a {@link OutcomeRow}. */
const rowColumns = `${fenceColumns}, delay_ms float8, given_back int, mark jsonb, notes jsonb`;

/**
 * Writes outcomes of one kind to one queue, all or nothing, and answers with the messages that it wrote: those whose claim still holds.
 * They are locked first, so that no claim comes between the look and the writing.
 */
export function outcomeText(statement: OutcomeStatement): string {
  const { kind, queues } = statement;
  const message = kind === "dead_letter" ? ", queue.message" : "";
  return `with ours as materialized (
  select wanted.*${message}
    from json_to_recordset($1::text::json) as wanted(${rowColumns})
    join pgmq.q_${queues.steps} as queue on ${isFenced}
     for update of queue),
${kind === "retry" ? retried(queues) : archived(statement)}${kind === "dead_letter" ? buried(queues) : ""}
select ours.msg_id::text as msg_id, ours.enqueued_us::text as enqueued_us
  from ours join settled using (msg_id)${kind === "dead_letter" ? "\n where (select count(*) from buried) > 0" : ""}`;
}

function retried({ steps }: NamespaceQueues): string {
  return `settled as (
  update pgmq.q_${steps} as queue
     set vt = clock_timestamp() + ours.delay_ms * interval '1 millisecond', read_ct = greatest(queue.read_ct - ours.given_back, 0),
         message = case when ours.mark is null then queue.message else queue.message || ours.mark end
    from ours where queue.msg_id = ours.msg_id
  returning queue.msg_id)`;
}

function archived({ queues: { steps }, sharedColumns }: OutcomeStatement): string {
  if (sharedColumns === null)
    return `settled as materialized (select pgmq.archive('${steps}'::text, array(select msg_id from ours)) as msg_id)`;
  // The ids of queues are positive, and so a negative one is free for good.
  return `settled as (
  delete from pgmq.q_${steps} as queue using ours where queue.msg_id = ours.msg_id returning queue.*),
kept as (
  insert into pgmq.a_${steps} (msg_id, ${sharedColumns})
  select case when exists (select from pgmq.a_${steps} as archive where archive.msg_id = settled.msg_id)
              then least((select min(msg_id) from pgmq.a_${steps}), 0) - row_number() over ()
              else settled.msg_id end, ${sharedColumns}
    from settled)`;
}

// The message goes from table to table as it is: by way of JavaScript its large numbers would lose digits.
function buried({ deadLetters }: NamespaceQueues): string {
  return `,
buried as materialized (
  select pgmq.send_batch('${deadLetters}'::text, array(
    select jsonb_build_object('message', case jsonb_typeof(ours.message) when 'object' then ours.message - '${givenBackKey}' else ours.message end) || ours.notes from ours join settled using (msg_id)))
   where exists (select from settled))`;
}

/** The columns that an outcome needs to move a message whose id the archive has already: PGMQ's versions differ in them. */
export const sharedColumnsText = `select string_agg(quote_ident(queue.attname), ', ') as columns
  from pg_catalog.pg_attribute as queue
  join pg_catalog.pg_attribute as archive on archive.attname = queue.attname and archive.attrelid = to_regclass('pgmq.a_' || $1::text)
 where queue.attrelid = to_regclass('pgmq.q_' || $1::text) and queue.attnum > 0 and not queue.attisdropped and queue.attname <> 'msg_id'`;
