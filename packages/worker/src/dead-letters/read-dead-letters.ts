import { type DeadLetterFilter, selectSql, valuesOf } from "./dead-letter-filter.js";

/** The part of a `pg` client that the command uses. */
export interface DeadLetterClient {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** A dead letter as `list` shows it. Fields that its message lacks are null: the message may be malformed. */
export interface DeadLetterSummary {
  readonly namespace: string;
  readonly msg_id: string;
  readonly dead_lettered_at: string | null;
  /** The stored text: a message that no worker wrote can contain anything. */
  readonly attempts: string | null;
  readonly step_id: string | null;
  readonly step: string | null;
  readonly code: string | null;
  readonly reason: string | null;
  /** The whole message as stored, with all digits of its numbers; null unless requested. */
  readonly message_json: string | null;
}

/** The namespaces with a dead-letter queue. PGMQ may list a queue whose table is gone, which does not count. */
export async function findNamespaces(client: DeadLetterClient): Promise<string[]> {
  const { rows } = await client.query(
    `select left(queue_name, -length('_dead_letter')) as namespace
       from pgmq.meta join pg_class on relnamespace = 'pgmq'::regnamespace and relname = 'q_' || queue_name
      where queue_name ~ '^[a-z][a-z0-9_]{0,28}_dead_letter$' order by 1`,
    [],
  );
  return (rows as { namespace: string }[]).map((row) => row.namespace);
}

/** The chosen ids that match no dead letter, or none with the chosen code. */
export async function findMissingIds(
  client: DeadLetterClient,
  filter: DeadLetterFilter,
): Promise<string[]> {
  if (filter.ids === null) return [];
  const { rows } = await client.query(
    `select wanted::text as id from (select distinct unnest($1::bigint[]) as wanted) as ids
      where wanted not in (select msg_id from (${selectSql(filter, "dead_letters.msg_id")}) as found) order by wanted`,
    valuesOf({ ...filter, limit: null }),
  );
  return (rows as { id: string }[]).map((row) => row.id);
}

/** Rows read at once. Whole messages are read one by one: each can be as large as the database allows. */
const batchLength = 100;
/** Characters. A worker writes no longer reasons. */
const maxFieldLength = 2_000;

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
  "dead_letters.msg_id",
  "dead_letters.message",
  ...shownFields.map(([name, text]) => `left(${text}, ${maxFieldLength}) as ${name}`),
].join(", ");

/**
 * Reads dead letters by a cursor, the oldest first. The client must be in a transaction.
 * @param isWhole - whether to read the whole messages too.
 */
export async function* readDeadLetters(
  client: DeadLetterClient,
  filter: DeadLetterFilter,
  { isWhole }: { readonly isWhole: boolean },
): AsyncGenerator<DeadLetterSummary> {
  await client.query(
    `declare dead_letters no scroll cursor for
     select $6::text as namespace, msg_id::text as msg_id, ${shownFields.map(([name]) => name).join(", ")}, ${isWhole ? "message::text" : "null"} as message_json
       from (${selectSql(filter, shownColumns)}) as chosen order by chosen.msg_id`,
    [...valuesOf(filter), filter.namespace],
  );
  try {
    for (;;) {
      const { rows } = await client.query(
        `fetch ${isWhole ? 1 : batchLength} from dead_letters`,
        [],
      );
      if (rows.length === 0) return;
      yield* rows as DeadLetterSummary[];
    }
  } finally {
    // If reading failed, the transaction is over and the cursor gone: the first error counts.
    await client.query("close dead_letters", []).catch(() => undefined);
  }
}
