import { chosen, type DeadLetterFilter, valuesOf } from "./dead-letter-filter.js";

/** What is used of a `pg` client. */
export interface DeadLetterClient {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** A letter as it is shown. What its message lacks is null: it is there because something was wrong with it. */
export interface DeadLetterRow {
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

/** Those of the chosen ids that no letter has, or none with the chosen code. */
export async function findMissingIds(
  client: DeadLetterClient,
  choice: DeadLetterFilter,
): Promise<string[]> {
  if (choice.ids === null) return [];
  const { rows } = await client.query(
    `select wanted::text as id from (select distinct unnest($1::bigint[]) as wanted) as ids
      where wanted not in (select msg_id from (${chosen(choice, "letters.msg_id")}) as found) order by wanted`,
    valuesOf({ ...choice, limit: null }),
  );
  return (rows as { id: string }[]).map((row) => row.id);
}

/** So many letters are read at once; whole ones singly, for each can be as large as the database takes. */
const portion = 100;
/** Letters of this worker's making have no longer reasons. */
const longestShown = 2_000;

const shownFields = [
  ["dead_lettered_at", "opened.message->>'dead_lettered_at'"],
  ["attempts", "opened.message->>'attempts'"],
  ["step_id", "opened.message#>>'{message,step_id}'"],
  [
    "step",
    "concat_ws('/', opened.message#>>'{message,template,name}', opened.message#>>'{message,step_name}')",
  ],
  ["code", "opened.message#>>'{reason,code}'"],
  ["reason", "opened.message#>>'{reason,message}'"],
] as const;
const shownColumns = [
  "letters.msg_id",
  "letters.message",
  ...shownFields.map(([name, text]) => `left(${text}, ${longestShown}) as ${name}`),
].join(", ");

/**
 * Reads letters by and by, in a transaction that the client is in, the oldest first.
 * @param isWhole - whether their texts are wanted too.
 */
export async function* readDeadLetters(
  client: DeadLetterClient,
  choice: DeadLetterFilter,
  { isWhole }: { readonly isWhole: boolean },
): AsyncGenerator<DeadLetterRow> {
  await client.query(
    `declare dead_letters no scroll cursor for
     select $6::text as namespace, msg_id::text as msg_id, ${shownFields.map(([name]) => name).join(", ")}, ${isWhole ? "message::text" : "null"} as text
       from (${chosen(choice, shownColumns)}) as chosen order by chosen.msg_id`,
    [...valuesOf(choice), choice.namespace],
  );
  try {
    for (;;) {
      const { rows } = await client.query(`fetch ${isWhole ? 1 : portion} from dead_letters`, []);
      if (rows.length === 0) return;
      yield* rows as DeadLetterRow[];
    }
  } finally {
    // Where reading failed, the transaction is over and its cursor with it: that failure is the one to tell.
    await client.query("close dead_letters", []).catch(() => undefined);
  }
}
