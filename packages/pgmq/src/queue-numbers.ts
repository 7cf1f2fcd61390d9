import type { QueueStatistics } from "@tasker-observability/core";
import type { SqlRow } from "@tasker-observability/postgres";
import type { FoundQueue } from "./find-queues.js";

/** Below the bound the counts of a row are exact; from it on, the planner's row count stands in for them. */
export function toStatistics(queue: FoundQueue, row: SqlRow, exactUpTo: number): QueueStatistics {
  const counted = toCount(row.depth);
  const visible = toCount(row.visible);
  const isDeep = counted >= exactUpTo;
  const depth = isDeep
    ? toCount(Math.max(exactUpTo, Math.round(Number(row.estimate ?? queue.partitionedRows))))
    : counted;
  return Object.freeze({
    namespace: queue.namespace,
    queue_name: queue.queue_name,
    state: "readable",
    depth,
    visible_depth: isDeep ? visibleOf(queue, visible, depth, exactUpTo) : visible,
    oldest_message_age_seconds: toAge(row.age),
    oldest_visible_age_seconds: toAge(row.wait),
    depth_estimated: isDeep,
  });
}

/** Without an index on `vt` only the first rows were looked at, and they stand for the others. */
function visibleOf(queue: FoundQueue, visible: number, depth: number, exactUpTo: number): number {
  if (!queue.hasVisibleIndex) return Math.round((depth * visible) / exactUpTo);
  return visible < exactUpTo ? visible : depth;
}

// A clock that was set back makes an age negative; an age is never that.
function toAge(value: unknown): number | null {
  return value === null ? null : toCount(Math.max(0, Number(value)));
}

function toCount(value: unknown): number {
  const count = Number(value);
  if (!Number.isSafeInteger(count))
    throw new RangeError("A queue's number is missing, or beyond 2^53.");
  return count;
}
