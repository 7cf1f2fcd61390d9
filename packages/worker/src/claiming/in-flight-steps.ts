import { groupBy } from "../queues/group-by.js";
import { type ClaimedMessage, type Fence, formatMessageKey } from "../queues/step-message.js";

/** A claimed message whose outcome is not yet written. */
export interface InFlightStep {
  /** The claim that began the attempt. */
  readonly claim: ClaimedMessage;
  /** Of this worker's newest claim: the message is ours while the queue shows this read count. */
  readonly fence: Fence;
  /** Claims since the one that began the attempt; they do not count as attempts. */
  readonly reclaimCount: number;
  /** Aborted when the claim is lost or the drain runs out of time. */
  readonly controller: AbortController;
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
  acquire(claim: ClaimedMessage): InFlightStep;
  /**
   * Takes over a newer claim of a message that is in flight, as after an outage that outlasted the visibility time-out.
   * @returns whether it is in flight: then its attempt goes on, and no other may begin.
   */
  reacquire(claim: ClaimedMessage): boolean;
  /** Marks its outcome as decided: losing the claim no longer changes it. */
  markDecided(step: InFlightStep): void;
  release(step: InFlightStep): void;
  /** Whether it is in flight and its outcome is undecided. */
  isUndecided(step: InFlightStep): boolean;
  byQueue(): ReadonlyMap<string, readonly InFlightStep[]>;
  /** Aborts every step whose outcome is undecided. */
  abortAll(reason: Error): void;
  /** Resolves once no step is in flight. */
  whenEmpty(): Promise<void>;
  /** Keeps in mind a claim that is under way on a queue, until its messages are taken over. */
  trackPendingClaim(queueName: string, claim: Promise<void>): void;
  /** Resolves when the claim that is under way on the queue, if any, has ended and its messages are taken over. Never rejects. */
  waitForPendingClaim(queueName: string): Promise<void>;
}

export function createInFlightSteps(): InFlightSteps {
  const inFlight = new Map<string, { -readonly [Key in keyof InFlightStep]: InFlightStep[Key] }>();
  const undecided = new Set<InFlightStep>();
  const claims = new Map<string, Promise<void>>();
  let waiting: (() => void)[] = [];
  return Object.freeze({
    get size() {
      return inFlight.size;
    },
    acquire(claim: ClaimedMessage) {
      const step = { claim, fence: claim, reclaimCount: 0, controller: new AbortController() };
      inFlight.set(keyOf(claim), step);
      undecided.add(step);
      return step;
    },
    reacquire(claim: ClaimedMessage) {
      const step = inFlight.get(keyOf(claim));
      if (step === undefined) return false;
      step.fence = claim;
      step.reclaimCount += 1;
      return true;
    },
    markDecided: (step: InFlightStep) => void undecided.delete(step),
    release(step: InFlightStep) {
      undecided.delete(step);
      inFlight.delete(keyOf(step.claim));
      if (inFlight.size > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    isUndecided: (step: InFlightStep) => undecided.has(step),
    byQueue: () => groupBy(inFlight.values(), (step) => step.claim.queueName),
    abortAll(reason: Error) {
      for (const step of undecided) step.controller.abort(reason);
    },
    whenEmpty: () =>
      inFlight.size === 0
        ? Promise.resolve()
        : new Promise<void>((resolve) => waiting.push(resolve)),
    trackPendingClaim(queueName: string, claim: Promise<void>) {
      claims.set(queueName, claim);
      const forget = (): void => void claims.delete(queueName);
      claim.then(forget, forget);
    },
    async waitForPendingClaim(queueName: string) {
      await claims.get(queueName)?.catch(() => undefined);
    },
  });
}

function keyOf(claim: ClaimedMessage): string {
  return `${claim.queueName} ${formatMessageKey(claim)}`;
}
