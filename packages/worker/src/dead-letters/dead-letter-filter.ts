import { queuesOf } from "../queues/step-queues.js";

/** Selects dead letters of a namespace: null does not filter. */
export interface DeadLetterFilter {
  readonly namespace: string;
  readonly ids: readonly string[] | null;
  readonly code: string | null;
  readonly limit: number | null;
}

/** A filter, between two ids. */
export interface DeadLetterRange extends DeadLetterFilter {
  /** The id before the first, exclusive. */
  readonly after: string;
  /** The last id, inclusive. */
  readonly upTo: string;
}

/**
 * The statement that selects dead letters, the oldest first, with the values of {@link valuesOf}.
 * It selects only messages that a worker wrote: others on that queue have nothing to retry.
 * `offset 0` keeps the planner from decompressing a message once for each use.
 */
export function selectSql({ namespace }: DeadLetterFilter, columns: string): string {
  return `select ${columns} from pgmq.q_${queuesOf(namespace).deadLetterQueue} as dead_letters
            cross join lateral (select dead_letters.message #> '{}' as message offset 0) as opened
           where jsonb_typeof(opened.message) = 'object' and opened.message ? 'message' and ($1::bigint[] is null or dead_letters.msg_id = any ($1::bigint[]))
             and ($2::text is null or opened.message#>>'{reason,code}' = $2::text) and dead_letters.msg_id > $4::bigint and dead_letters.msg_id <= $5::bigint
           order by dead_letters.msg_id limit $3::bigint`;
}

/** The values $1 to $5 of {@link selectSql}. @default all dead letters of the namespace */
export function valuesOf({
  ids,
  code,
  limit,
  after = "0",
  upTo = String(2n ** 63n - 1n),
}: DeadLetterFilter & Partial<DeadLetterRange>): unknown[] {
  return [ids, code, limit, after, upTo];
}
