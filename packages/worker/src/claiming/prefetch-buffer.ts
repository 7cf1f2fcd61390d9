import type { Clock } from "@tasker-observability/core";
import type { InFlightStep } from "./in-flight-steps.js";

/**
 * Steps that this worker has claimed before it has a slot for them, so that no handler waits for the database. How many follows
 * from how long handlers take: what a worker cannot begin soon is left to other workers.
 */
export interface PrefetchBuffer {
  readonly size: number;
  /** How many more steps to claim, where so many slots are free; 0 until it is half empty, so that one claim takes many. */
  room(freeSlots: number): number;
  push(step: InFlightStep): void;
  /** Takes the step that has waited longest. */
  shift(): InFlightStep | undefined;
  /** Takes all steps once the first of them has waited for a second: handlers have become much slower than they were. */
  takeOverdue(): readonly InFlightStep[];
  takeAll(): readonly InFlightStep[];
  /** Records how long a step has held its slot, in milliseconds. */
  observe(durationMs: number): void;
}

export interface PrefetchBufferOptions {
  /** How many handlers run at once. */
  readonly concurrency: number;
  /** The most steps in flight; it holds no more than half of them, and no more than 500. */
  readonly bufferSize: number;
  readonly clock: Clock;
}

/** More would cost memory, and attempts where the process is killed, and make no claim much cheaper. */
const mostSteps = 500;
/** Milliseconds of work to hold: a claim takes a tenth of that. */
const horizonMs = 50;
/** Milliseconds after which steps are left to other workers. */
const longestWaitMs = 1_000;
/** The weight of the newest duration in their moving average. */
const newestWeight = 1 / 16;

export function createPrefetchBuffer(options: PrefetchBufferOptions): PrefetchBuffer {
  const { concurrency, bufferSize, clock } = options;
  const limit = Math.min(bufferSize >> 1, mostSteps);
  /** Milliseconds; infinite until a step has ended. */
  let meanDuration = Number.POSITIVE_INFINITY;
  let steps: InFlightStep[] = [];
  let first = 0;
  const size = (): number => steps.length - first;
  const target = (): number =>
    Math.min(limit, Math.floor((concurrency * horizonMs) / meanDuration));
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
      const most = target();
      if (size() === 0) return freeSlots + most;
      return size() * 2 <= most ? most - size() : 0;
    },
    push(step: InFlightStep) {
      steps.push(step);
    },
    shift() {
      const step = steps[first];
      if (step === undefined) return undefined;
      first += 1;
      if (first === steps.length) takeAll();
      return step;
    },
    takeOverdue() {
      const sinceMs = steps[first]?.claimedAtMs ?? Number.POSITIVE_INFINITY;
      if (clock.monotonicMs() - sinceMs < longestWaitMs) return [];
      meanDuration = Number.POSITIVE_INFINITY;
      return takeAll();
    },
    takeAll,
    observe(durationMs: number) {
      if (meanDuration === Number.POSITIVE_INFINITY) meanDuration = durationMs;
      else meanDuration += (durationMs - meanDuration) * newestWeight;
    },
  });
}
