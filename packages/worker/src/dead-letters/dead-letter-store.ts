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
  /** The whole letter as the database has it, to the last digit of its numbers; null where it was not asked for. */
  readonly text: string | null;
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

/** So many letters are read at once; whole ones singly, for each can be as large as the database takes. */
const portion = 100;
/** Letters of this worker's making have no longer reasons. */
const longestShown = 2_000;

const shownFields = [
  ["dead_lettered_at", "opened.message->>'dead_lettered_at'"],
  ["attempts", "opened.message->>'attempts'"],
  ["step_id", "opened.message#>>'{message,step_id}'"],
  ["step", "concat_ws('/', opened.message#>>'{message,template,name}', opened.message#>>'{message,step_name}')"],
  ["code", "opened.message#>>'{reason,code}'"],
  ["reason", "opened.message#>>'{reason,message}'"],
] as const;
const shownColumns = ["letters.msg_id", "letters.message", ...shownFields.map(([name, text]) => `left(${text}, ${longestShown}) as ${name}`)].join(", ");

/**
 * Reads letters by and by, in a transaction that the client is in, the oldest first.
 * @param isWhole - whether their texts are wanted too.
 */
export async function* readDeadLetters(client: DeadLetterClient, choice: DeadLetterChoice, { isWhole }: { readonly isWhole: boolean }): AsyncGenerator<ShownDeadLetter> {
  await client.query(
    `declare dead_letters no scroll cursor for
     select $4::text as namespace, msg_id::text as msg_id, ${shownFields.map(([name]) => name).join(", ")}, ${isWhole ? "message::text" : "null"} as text
       from (${chosen(choice, shownColumns)}) as chosen order by chosen.msg_id`,
    [...valuesOf(choice), choice.namespace],
  );
  try {
    for (;;) {
      const { rows } = await client.query(`fetch ${isWhole ? 1 : portion} from dead_letters`, []);
      if (rows.length === 0) return;
      yield* rows as ShownDeadLetter[];
    }
  } finally {
    // Where reading failed, the transaction is over and its cursor with it: that failure is the one to tell.
    await client.query("close dead_letters", []).catch(() => undefined);
  }
}

/**
 * Sends the messages of the chosen letters to their namespace's queue and archives the letters, all together or none.
 * Two people at it at once share the work: a letter that somebody holds already is passed over.
 * @returns how many were sent.
 */
export async function retryDeadLetters(client: DeadLetterClient, choice: DeadLetterChoice): Promise<number> {
  const { steps, deadLetters } = queuesOf(choice.namespace);
  const { rows } = await client.query(
    `with chosen as materialized (${chosen(choice, "letters.msg_id, letters.message")} for update of letters skip locked),
          archived as materialized (select message->'message' as message from chosen where pgmq.archive($4::text, msg_id))
     select pgmq.send($5::text, message) from archived`,
    [...valuesOf(choice), deadLetters, steps],
  );
  return rows.length;
}

/** @returns how many were deleted. */
export async function purgeDeadLetters(client: DeadLetterClient, choice: DeadLetterChoice): Promise<number> {
  const { rows } = await client.query(
    `with chosen as materialized (${chosen(choice, "letters.msg_id")} for update of letters skip locked)
     select msg_id from chosen where pgmq.delete($4::text, msg_id)`,
    [...valuesOf(choice), queuesOf(choice.namespace).deadLetters],
  );
  return rows.length;
}

/**
 * Letters of this worker's making; a message that somebody else put on the queue has nothing to retry.
 * Each is decompressed once, whatever is then asked of it: `offset 0` keeps the planner from asking for it anew.
 */
function chosen({ namespace }: DeadLetterChoice, columns: string): string {
  return `select ${columns} from pgmq.q_${queuesOf(namespace).deadLetters} as letters
            cross join lateral (select letters.message #> '{}' as message offset 0) as opened
           where jsonb_typeof(opened.message) = 'object' and opened.message ? 'message' and ($1::bigint[] is null or letters.msg_id = any ($1::bigint[]))
             and ($2::text is null or opened.message#>>'{reason,code}' = $2::text)
           order by letters.msg_id limit $3::bigint`;
}

function valuesOf({ ids, code, limit }: DeadLetterChoice): unknown[] {
  return [ids, code, limit];
}
