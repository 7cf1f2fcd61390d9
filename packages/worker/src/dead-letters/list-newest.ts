import type { DeadLetter, DeadLetterQuery } from "@tasker-observability/core";
import { queuesOf } from "../queues/step-queues.js";
import type { DeadLetterClient } from "./read-dead-letters.js";

/** Characters of a field that are shown. A worker writes no longer reasons. */
const maxFieldLength = 2_000;

interface Row extends Omit<DeadLetter, "attempts"> {
  readonly attempts: string | null;
  readonly enqueued_at_micros: string;
}

/** One page of the dead letters of some namespaces, the newest first. The client must be in a transaction. */
export async function listNewest(
  client: DeadLetterClient,
  {
    namespaces,
    code = null,
    limit,
    before,
  }: Pick<DeadLetterQuery, "limit"> & {
    readonly namespaces: readonly string[];
    readonly code?: string | null | undefined;
    readonly before?: string | undefined;
  },
): Promise<{ dead_letters: DeadLetter[]; next_before: string | null }> {
  if (namespaces.length === 0) return { dead_letters: [], next_before: null };
  const [beforeMicros = null, namespace = null, id = null] = before?.split(".") ?? [];
  const { rows } = await client.query(
    `select * from (${namespaces.map(newestOf).join(" union all ")}) as newest
      order by enqueued_at_micros::bigint desc, namespace, id::bigint desc limit $2::int`,
    // One more than the limit shows whether there are more.
    [code, limit + 1, beforeMicros, namespace, id],
  );
  const found = rows as Row[];
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    dead_letters: page.map(toDeadLetter),
    next_before:
      found.length > limit && last !== undefined
        ? `${last.enqueued_at_micros}.${last.namespace}.${last.id}`
        : null,
  };
}

/**
 * Within a namespace the ids are the order, since they have an index. `offset 0` keeps the planner from decompressing a message
 * once for each use.
 */
function newestOf(namespace: string): string {
  const shown = (sql: string, name: string): string => `left(${sql}, ${maxFieldLength}) as ${name}`;
  return `(select '${namespace}' as namespace, dead_letters.msg_id::text as id, ${enqueuedAtMicrosSql}::text as enqueued_at_micros,
    ${shown("opened.message->>'dead_lettered_at'", "dead_lettered_at")},
    ${shown("opened.message->>'attempts'", "attempts")},
    ${shown("opened.message#>>'{message,template,name}'", "template")},
    ${shown("opened.message#>>'{message,step_name}'", "step")},
    ${shown("opened.message#>>'{message,step_id}'", "step_id")},
    ${shown("opened.message#>>'{reason,code}'", "code")},
    ${shown("opened.message#>>'{reason,message}'", "message")}
  from pgmq.q_${queuesOf(namespace).deadLetterQueue} as dead_letters
  cross join lateral (select dead_letters.message #> '{}' as message offset 0) as opened
 where jsonb_typeof(opened.message) = 'object' and opened.message ? 'message'
   and ($1::text is null or opened.message#>>'{reason,code}' = $1::text)
   and ($3::bigint is null or case when '${namespace}' = $4::text then dead_letters.msg_id < $5::bigint
        else ${enqueuedAtMicrosSql} < $3::bigint or ${enqueuedAtMicrosSql} = $3::bigint and '${namespace}' > $4::text end)
 order by dead_letters.msg_id desc limit $2::int)`;
}

const enqueuedAtMicrosSql = "(extract(epoch from dead_letters.enqueued_at) * 1000000)::bigint";

function toDeadLetter(row: Row): DeadLetter {
  const { namespace, id, dead_lettered_at, template, step, step_id, code, message } = row;
  const { attempts } = row;
  const count = Number(attempts);
  const shown = { namespace, id, dead_lettered_at, template, step, step_id, code, message };
  return { ...shown, attempts: attempts !== null && Number.isSafeInteger(count) ? count : null };
}
