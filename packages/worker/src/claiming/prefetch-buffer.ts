import type { Clock } from "@tasker-observability/core";
import { createHandlerRate } from "./handler-rate.js";
import type { InFlightStep } from "./in-flight-steps.js";

/**
 * Steps that this worker has claimed before it has a slot for them, so that no handler waits for the database. How many follows
 * from how long handlers take: what a worker cannot begin soon is left to other workers.
 */
export interface PrefetchBuffer {
  readonly size: number;
  /** How many more steps to claim, given the free slots; 0 until it is half empty, to keep claims large. */
  room(freeSlots: number): number;
  push(step: InFlightStep): void;
  /** Takes the step that has waited longest. */
  shift(): InFlightStep | undefined;
  /** Takes all steps once the first of them has waited for 200 ms: handlers have become much slower than they were. */
  takeStale(): readonly InFlightStep[];
  takeAll(): readonly InFlightStep[];
  /** Records that a step has ended, and for how many milliseconds it had its slot. */
  recordDuration(tookMs: number): void;
}

export interface PrefetchBufferOptions {
  /** The maximum of steps in flight; it buffers no more than half of them, and no more than 100. */
  readonly bufferSize: number;
  /** How many steps run at once. */
  readonly concurrency: number;
  readonly clock: Clock;
}

/** A killed process uses an attempt of each step in the buffer, though it never began: the buffer is no larger than claims need. */
const maxSteps = 100;
/** Milliseconds of work to buffer: about what a claim takes. */
const bufferedWorkMs = 5;
/** Milliseconds after which steps are left to other workers. No visibility time-out is shorter. */
const maxWaitMs = 200;

export function createPrefetchBuffer({
  bufferSize,
  concurrency,
  clock,
}: PrefetchBufferOptions): PrefetchBuffer {
  const limit = Math.min(bufferSize >> 1, maxSteps);
  let steps: InFlightStep[] = [];
  let first = 0;
  const rate = createHandlerRate({ concurrency, clock });
  const size = (): number => steps.length - first;
  const target = (): number => Math.min(limit, Math.floor(rate.perMs() * bufferedWorkMs));
  const takeAll = (): readonly InFlightStep[] => {
    const taken = steps.slice(first);
    steps = [];
    first = 0;
    return taken;
  };
  return Object.freeze({
    get size() {
      return size();
    },
    room(freeSlots: number) {
      const wanted = target();
      if (size() === 0) return freeSlots + wanted;
      return size() * 2 <= wanted ? wanted - size() : 0;
    },
    push(step: InFlightStep) {
      steps.push(step);
    },
    shift() {
      const step = steps[first];
      if (step === undefined) return undefined;
      first += 1;
      // Keeps nothing that has left, at the cost of a copy now and then.
      if (first >= maxSteps || first === steps.length) {
        steps = steps.slice(first);
        first = 0;
      }
      return step;
    },
    takeStale() {
      const oldestClaimedAtMs = steps[first]?.claimedAtMs ?? Number.POSITIVE_INFINITY;
      if (clock.monotonicMs() - oldestClaimedAtMs < maxWaitMs) return [];
      rate.reset();
      return takeAll();
    },
    takeAll,
    recordDuration: (tookMs: number) => rate.record(tookMs),
  });
}
