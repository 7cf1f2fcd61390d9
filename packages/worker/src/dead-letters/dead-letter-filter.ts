import { queuesOf } from "../queues/step-queues.js";

/** Which letters of a namespace: null does not narrow the choice. */
export interface DeadLetterFilter {
  readonly namespace: string;
  readonly ids: readonly string[] | null;
  readonly code: string | null;
  readonly limit: number | null;
}

/** A part of the chosen letters. */
export interface DeadLetterRange extends DeadLetterFilter {
  /** The id that those wanted come after. */
  readonly after: string;
  /** The last id that is wanted. */
  readonly upTo: string;
}

/**
 * Selects the chosen letters, the oldest first.
 * Letters are of this worker's making; a message that somebody else put on the queue has nothing to retry.
 * Each is decompressed once, whatever is then asked of it: `offset 0` keeps the planner from asking for it anew.
 */
export function chosen({ namespace }: DeadLetterFilter, columns: string): string {
  return `select ${columns} from pgmq.q_${queuesOf(namespace).deadLetters} as letters
            cross join lateral (select letters.message #> '{}' as message offset 0) as opened
           where jsonb_typeof(opened.message) = 'object' and opened.message ? 'message' and ($1::bigint[] is null or letters.msg_id = any ($1::bigint[]))
             and ($2::text is null or opened.message#>>'{reason,code}' = $2::text) and letters.msg_id > $4::bigint and letters.msg_id <= $5::bigint
           order by letters.msg_id limit $3::bigint`;
}

/** The values of `chosen`, $1 to $5. @default all letters that there are */
export function valuesOf({
  ids,
  code,
  limit,
  after = "0",
  upTo = String(2n ** 63n - 1n),
}: DeadLetterFilter & Partial<DeadLetterRange>): unknown[] {
  return [ids, code, limit, after, upTo];
}
