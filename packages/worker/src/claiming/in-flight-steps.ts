import { LazyAbortController } from "./lazy-abort-controller.js";
import type { Clock } from "@tasker-observability/core";
import { groupBy } from "../queues/group-by.js";
import { type ClaimedMessage, type Fence, formatMessageKey } from "../queues/step-message.js";

/** A claimed message whose outcome is not yet written. */
export interface InFlightStep {
  readonly namespace: string;
  /** Tells its message from all others of its queue: {@link formatMessageKey}. */
  readonly messageKey: string;
  /** The claim that began the attempt. */
  readonly claim: ClaimedMessage;
  /** The monotonic instant at which it was claimed: it may wait for a slot from then on. */
  readonly claimedAtMs: number;
  /** Of this worker's newest claim or renewal: a new object each time. */
  readonly fence: Fence;
  /** Claims since the one that began the attempt; they do not count as attempts. */
  readonly reclaimCount: number;
  /** Aborted when the claim is lost or the drain runs out of time. */
  readonly controller: LazyAbortController;
  /** Whether losing the claim no longer changes its outcome. */
  readonly isDecided: boolean;
}

/** Aborts a step that another worker has claimed: this worker writes no outcome for it. */
export class ClaimLostError extends Error {
  override readonly name = "ClaimLostError";
  readonly code = "claim_lost";
}

/** Aborts a step that outlasts the drain: another worker may run it at once. */
export class DrainTimeoutError extends Error {
  override readonly name = "DrainTimeoutError";
  readonly code = "drain_timeout";
}

/** The steps that this worker has claimed and not yet settled. Their messages are kept invisible to other workers. */
export interface InFlightSteps {
  readonly size: number;
  add(namespace: string, claim: ClaimedMessage): InFlightStep;
  /**
   * Takes over a newer claim of a message that is in flight, as after an outage that outlasted the visibility time-out.
   * @returns whether it is in flight: then its attempt goes on, and no other may begin.
   */
  reclaim(claim: ClaimedMessage): boolean;
  /** Keeps in mind until when its message is hidden from now on; null where that is not known. */
  setVisibleAt(step: InFlightStep, visibleAtMicros: string | null): void;
  /** Marks its outcome as decided: losing the claim no longer changes it. */
  markDecided(step: InFlightStep): void;
  remove(step: InFlightStep): void;
  byQueue(): ReadonlyMap<string, readonly InFlightStep[]>;
  /** Aborts every step whose outcome is undecided. */
  abortAll(reason: Error): void;
  /** Resolves once no step is in flight. */
  whenEmpty(): Promise<void>;
  /** Keeps in mind a claim or a renewal that is under way on a queue, until its fences are taken over. */
  trackFenceChange(queueName: string, work: Promise<unknown>): void;
  /** Resolves when no claim or renewal that is under way now on the queue may change a fence any more. Never rejects. */
  waitForFenceChanges(queueName: string): Promise<void>;
}

export function createInFlightSteps({ clock }: { readonly clock: Clock }): InFlightSteps {
  const inFlight = new Map<string, Mutable<InFlightStep>>();
  const fenceChanges = new Set<{ readonly queueName: string; readonly work: Promise<unknown> }>();
  let waiting: (() => void)[] = [];
  return Object.freeze({
    get size() {
      return inFlight.size;
    },
    add(namespace: string, claim: ClaimedMessage) {
      const messageKey = formatMessageKey(claim);
      const step = {
        namespace,
        messageKey,
        claim,
        claimedAtMs: clock.monotonicMs(),
        fence: claim,
        reclaimCount: 0,
        controller: new LazyAbortController(),
        isDecided: false,
      };
      inFlight.set(keyOf(claim.queueName, messageKey), step);
      return step;
    },
    reclaim(claim: ClaimedMessage) {
      const step = inFlight.get(keyOf(claim.queueName, formatMessageKey(claim)));
      if (step === undefined) return false;
      step.fence = claim;
      step.reclaimCount += 1;
      return true;
    },
    setVisibleAt: (step: Mutable<InFlightStep>, visibleAtMicros: string | null) =>
      void (step.fence = { ...step.fence, visibleAtMicros }),
    markDecided: (step: Mutable<InFlightStep>) => void (step.isDecided = true),
    remove(step: Mutable<InFlightStep>) {
      step.isDecided = true;
      inFlight.delete(keyOf(step.claim.queueName, step.messageKey));
      if (inFlight.size > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    byQueue: () => groupBy(inFlight.values(), (step) => step.claim.queueName),
    abortAll(reason: Error) {
      for (const step of inFlight.values()) if (!step.isDecided) step.controller.abort(reason);
    },
    whenEmpty: () =>
      inFlight.size === 0
        ? Promise.resolve()
        : new Promise<void>((resolve) => waiting.push(resolve)),
    trackFenceChange(queueName: string, work: Promise<unknown>) {
      const entry = { queueName, work };
      fenceChanges.add(entry);
      const forget = (): void => void fenceChanges.delete(entry);
      work.then(forget, forget);
    },
    async waitForFenceChanges(queueName: string) {
      const ofQueue = [...fenceChanges].filter((entry) => entry.queueName === queueName);
      if (ofQueue.length > 0) await Promise.allSettled(ofQueue.map(({ work }) => work));
    },
  });
}

function keyOf(queueName: string, messageKey: string): string {
  return `${queueName} ${messageKey}`;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
