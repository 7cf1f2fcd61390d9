import type { InFlightStep, InFlightSteps } from "../claiming/in-flight-steps.js";
import type { Slot, Slots } from "../claiming/slots.js";
import type { ClaimedMessage } from "../queues/step-message.js";
import type { OutcomeWriter } from "../settling/outcome-writer.js";
import { Attempt, type AttemptOptions } from "./attempt.js";

export interface StepRunnerOptions extends AttemptOptions {
  readonly slots: Slots;
  readonly inFlight: InFlightSteps;
  readonly writer: OutcomeWriter;
}

/** Runs claimed messages, each in a slot of its own, and hands their outcomes to the writer. */
export class StepRunner {
  readonly #options: StepRunnerOptions;

  constructor(options: StepRunnerOptions) {
    this.#options = options;
  }

  /** Starts a step and returns at once; one that is in flight goes on. Never throws. */
  start(namespace: string, claim: ClaimedMessage): void {
    const { inFlight, slots } = this.#options;
    if (inFlight.reacquire(claim)) return;
    void this.#settle(namespace, inFlight.acquire(claim), slots.take());
  }

  /** Returns a step to its queue at once without using an attempt; one that is in flight goes on. Never throws. */
  giveBack(namespace: string, claim: ClaimedMessage): void {
    const { inFlight, writer } = this.#options;
    if (inFlight.reacquire(claim)) return;
    writer.write(namespace, inFlight.acquire(claim), { kind: "retry", delayMs: 0, hasRun: false });
  }

  async #settle(namespace: string, step: InFlightStep, slot: Slot): Promise<void> {
    const attempt = new Attempt(this.#options, namespace, step, slot);
    this.#options.writer.write(namespace, step, await attempt.outcome());
  }
}
