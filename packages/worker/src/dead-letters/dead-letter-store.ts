import { queuesOf } from "../steps/step-queues.js";

/** What is used of a `pg` client. */
export interface DeadLetterClient {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Which letters of a namespace: null does not narrow the choice. */
export interface DeadLetterChoice {
  readonly namespace: string;
  readonly ids: readonly string[] | null;
  readonly code: string | null;
  readonly limit: number | null;
}

/** A letter as it is shown. What its message lacks is null: it is there because something was wrong with it. */
export interface ShownDeadLetter {
  readonly namespace: string;
  readonly msg_id: string;
  readonly dead_lettered_at: string | null;
  /** As its text says it: a letter of somebody else's making can hold anything. */
  readonly attempts: string | null;
  readonly step_id: string | null;
  readonly step: string | null;
  readonly code: string | null;
  readonly reason: string | null;
  /** The whole letter as the database has it, to the last digit of its numbers. */
  readonly text: string;
}

/** The namespaces that have dead letters' queues; one that PGMQ lists without its table has none. */
export async function findNamespaces(client: DeadLetterClient): Promise<string[]> {
  const { rows } = await client.query(
    `select left(queue_name, -length('_dead_letter')) as namespace
       from pgmq.meta join pg_class on relnamespace = 'pgmq'::regnamespace and relname = 'q_' || queue_name
      where queue_name ~ '^[a-z][a-z0-9_]{0,28}_dead_letter$' order by 1`,
    [],
  );
  return (rows as { namespace: string }[]).map((row) => row.namespace);
}

export async function listDeadLetters(client: DeadLetterClient, choice: DeadLetterChoice): Promise<ShownDeadLetter[]> {
  const { rows } = await client.query(
    `select $4::text as namespace, msg_id::text as msg_id,
            message->>'dead_lettered_at' as dead_lettered_at, message->>'attempts' as attempts,
            message#>>'{message,step_id}' as step_id,
            concat_ws('/', message#>>'{message,template,name}', message#>>'{message,step_name}') as step,
            message#>>'{reason,code}' as code, message#>>'{reason,message}' as reason, message::text as text
       from (${chosen(choice)}) as chosen order by chosen.msg_id`,
    [...valuesOf(choice), choice.namespace],
  );
  return rows as ShownDeadLetter[];
}

/**
 * Sends the messages of the chosen letters to their namespace's queue and archives the letters, all together or none.
 * Two people at it at once share the work: a letter that somebody holds already is passed over.
 * @returns how many were sent.
 */
export async function retryDeadLetters(client: DeadLetterClient, choice: DeadLetterChoice): Promise<number> {
  const { steps, deadLetters } = queuesOf(choice.namespace);
  const { rows } = await client.query(
    `with chosen as materialized (${chosen(choice)} for update skip locked),
          archived as materialized (select message->'message' as message from chosen where pgmq.archive($4::text, msg_id))
     select pgmq.send($5::text, message) from archived`,
    [...valuesOf(choice), deadLetters, steps],
  );
  return rows.length;
}

/** @returns how many were deleted. */
export async function purgeDeadLetters(client: DeadLetterClient, choice: DeadLetterChoice): Promise<number> {
  const { rows } = await client.query(
    `with chosen as materialized (${chosen(choice)} for update skip locked)
     select msg_id from chosen where pgmq.delete($4::text, msg_id)`,
    [...valuesOf(choice), queuesOf(choice.namespace).deadLetters],
  );
  return rows.length;
}

/** Letters of this worker's making; a message that somebody else put on the queue has nothing to retry. */
function chosen({ namespace }: DeadLetterChoice): string {
  return `select msg_id, message from pgmq.q_${queuesOf(namespace).deadLetters} as letters
           where jsonb_typeof(message) = 'object' and message ? 'message' and ($1::bigint[] is null or msg_id = any ($1::bigint[]))
             and ($2::text is null or message#>>'{reason,code}' = $2::text)
           order by msg_id limit $3::bigint`;
}

function valuesOf({ ids, code, limit }: DeadLetterChoice): unknown[] {
  return [ids, code, limit];
}
