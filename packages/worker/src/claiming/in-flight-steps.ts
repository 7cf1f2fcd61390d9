import { groupBy } from "../queues/group-by.js";
import { type ClaimedMessage, type Fence, toKeyText } from "../queues/step-message.js";

/** A claimed message whose outcome is not yet written. */
export interface InFlightStep {
  /** The claim that began the attempt. */
  readonly claim: ClaimedMessage;
  /** Of this worker's newest claim: the message is ours as long as the queue shows this read count. */
  readonly fence: Fence;
  /** Claims since the one that began the attempt. They are no attempts. */
  readonly reclaims: number;
  /** Aborted when the claim is lost or the drain runs out of time. */
  readonly controller: AbortController;
}

/** Why a step is aborted that is not this worker's any more: nothing is to be written for it. */
export class ClaimLostError extends Error {
  override readonly name = "ClaimLostError";
  readonly code = "claim_lost";
}

/** Why a step is aborted that outlasted the drain: another worker is to have it at once. */
export class DrainTimeoutError extends Error {
  override readonly name = "DrainTimeoutError";
  readonly code = "drain_timeout";
}

/** All that this worker holds; what is held is kept invisible to others. */
export interface InFlightSteps {
  readonly size: number;
  acquire(claim: ClaimedMessage): InFlightStep;
  /**
   * Takes over a claim of a message that is held already, as after an outage that outlasted the visibility time-out.
   * @returns whether it is: then its attempt goes on, and no other is to begin.
   */
  reacquire(claim: ClaimedMessage): boolean;
  /** Its outcome is decided and waits to be written: nothing that happens to the claim changes it any more. */
  settle(step: InFlightStep): void;
  release(step: InFlightStep): void;
  /** Whether it is held and its outcome is open. */
  isUnsettled(step: InFlightStep): boolean;
  byQueue(): ReadonlyMap<string, readonly InFlightStep[]>;
  /** Aborts everything whose outcome is open. */
  abortAll(reason: Error): void;
  /** Resolves once nothing is held. */
  whenEmpty(): Promise<void>;
  /** Keeps in mind a claim that is under way on a queue, until its messages are taken over. */
  trackClaim(queueName: string, claim: Promise<void>): void;
  /** Resolves when the claim that is under way on the queue, if any, has ended and its messages are taken over. Never rejects. */
  whenClaimed(queueName: string): Promise<void>;
}

export function createInFlightSteps(): InFlightSteps {
  const inFlight = new Map<string, { -readonly [Key in keyof InFlightStep]: InFlightStep[Key] }>();
  const open = new Set<InFlightStep>();
  const claims = new Map<string, Promise<void>>();
  let waiting: (() => void)[] = [];
  return Object.freeze({
    get size() {
      return inFlight.size;
    },
    acquire(claim: ClaimedMessage) {
      const step = { claim, fence: claim, reclaims: 0, controller: new AbortController() };
      inFlight.set(keyOf(claim), step);
      open.add(step);
      return step;
    },
    reacquire(claim: ClaimedMessage) {
      const step = inFlight.get(keyOf(claim));
      if (step === undefined) return false;
      step.fence = claim;
      step.reclaims += 1;
      return true;
    },
    settle: (step: InFlightStep) => void open.delete(step),
    release(step: InFlightStep) {
      open.delete(step);
      inFlight.delete(keyOf(step.claim));
      if (inFlight.size > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    isUnsettled: (step: InFlightStep) => open.has(step),
    byQueue: () => groupBy(inFlight.values(), (step) => step.claim.queueName),
    abortAll(reason: Error) {
      for (const step of open) step.controller.abort(reason);
    },
    whenEmpty: () =>
      inFlight.size === 0
        ? Promise.resolve()
        : new Promise<void>((resolve) => waiting.push(resolve)),
    trackClaim(queueName: string, claim: Promise<void>) {
      claims.set(queueName, claim);
      const forget = (): void => void claims.delete(queueName);
      claim.then(forget, forget);
    },
    async whenClaimed(queueName: string) {
      await claims.get(queueName)?.catch(() => undefined);
    },
  });
}

function keyOf(claim: ClaimedMessage): string {
  return `${claim.queueName} ${toKeyText(claim)}`;
}
