import type { SqlRow } from "@tasker-observability/postgres";
import type { Fence, MessageKey } from "./step-message.js";

/** Of a row of a queue, exact whatever time zone and style of dates the session has. */
export const enqueuedUs = "(extract(epoch from enqueued_at) * 1000000)::bigint";

/** The columns of {@link toFenceRow}, for `json_to_recordset`. */
export const fenceColumns = "msg_id bigint, enqueued_us bigint, read_ct int";

/** Whether a message in `queue` is still held by the claim in `wanted`: nobody has claimed it since. */
export const isFenced = `queue.msg_id = wanted.msg_id and queue.read_ct = wanted.read_ct and ${enqueuedUs} = wanted.enqueued_us`;

/** A claim as a row of the JSON that statements are given. */
export function toFenceRow({ messageId, enqueuedUs: enqueued, readCount }: Fence): {
  readonly msg_id: string;
  readonly enqueued_us: string;
  readonly read_ct: number;
} {
  return { msg_id: messageId, enqueued_us: enqueued, read_ct: readCount };
}

/** Reads the columns `msg_id` and `enqueued_us`. */
export function toMessageKey(row: SqlRow): MessageKey {
  return { messageId: String(row.msg_id), enqueuedUs: String(row.enqueued_us) };
}
