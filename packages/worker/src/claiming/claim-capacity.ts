import type { InFlightSteps } from "./in-flight-steps.js";
import type { PrefetchBuffer } from "./prefetch-buffer.js";
import type { Slots } from "./slots.js";

export interface ClaimCapacityOptions {
  readonly slots: Pick<Slots, "free">;
  readonly prefetched: Pick<PrefetchBuffer, "room">;
  readonly inFlight: Pick<InFlightSteps, "size">;
  /** How many steps wait because the database refuses their outcomes: of one queue, or (no name) of all. */
  readonly refusedSteps: (queueName?: string) => number;
  /** The maximum of steps in flight: waiting for a slot, running, or waiting for their outcome to be written. */
  readonly bufferSize: number;
  readonly queueCount: number;
}

/**
 * Makes a function that returns how many messages may be claimed: from one queue, or (no name) from any. Steps whose outcomes are
 * refused take no capacity from other queues, and their own queue gets no more once they fill its share.
 */
export function createClaimCapacity(options: ClaimCapacityOptions): (queueName?: string) => number {
  const { slots, prefetched, inFlight, refusedSteps, bufferSize, queueCount } = options;
  const share = Math.ceil(bufferSize / Math.max(1, queueCount));
  return (queueName) => {
    if (queueName !== undefined && refusedSteps(queueName) >= share) return 0;
    return Math.min(prefetched.room(slots.free()), bufferSize - (inFlight.size - refusedSteps()));
  };
}
