import type { SqlRow } from "@tasker-observability/postgres";
import type { Fence, MessageKey } from "./step-message.js";

/** The time of a queue's row, exact whatever time zone and date style the session has. */
export const enqueuedAtMicrosSql = "(extract(epoch from enqueued_at) * 1000000)::bigint";

/** The same for when it becomes visible. */
export const visibleAtMicrosSql = "(extract(epoch from vt) * 1000000)::bigint";

/** The columns of {@link toFenceRow}, for `json_to_recordset`. */
export const fenceColumnsSql = "msg_id bigint, enqueued_at_micros bigint, read_ct int";

/** SQL: whether the claim in `wanted` still owns the message in `queue`, since no other worker has claimed it. */
export const matchesFenceSql = `queue.msg_id = wanted.msg_id and queue.read_ct = wanted.read_ct and ${enqueuedAtMicrosSql} = wanted.enqueued_at_micros`;

/** A claim as a row of the JSON that statements are given. */
export function toFenceRow({ messageId, enqueuedAtMicros: enqueued, readCount }: Fence): {
  readonly msg_id: string;
  readonly enqueued_at_micros: string;
  readonly read_ct: number;
} {
  return { msg_id: messageId, enqueued_at_micros: enqueued, read_ct: readCount };
}

/** Reads the columns `msg_id` and `enqueued_at_micros`. */
export function toMessageKey(row: SqlRow): MessageKey {
  return { messageId: String(row.msg_id), enqueuedAtMicros: String(row.enqueued_at_micros) };
}
