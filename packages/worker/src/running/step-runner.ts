import type { InFlightStep, InFlightSteps } from "../claiming/in-flight-steps.js";
import type { PrefetchBuffer } from "../claiming/prefetch-buffer.js";
import type { Slots } from "../claiming/slots.js";
import type { Wakeup } from "../claiming/wakeup.js";
import type { ClaimedMessage } from "../queues/step-message.js";
import type { OutcomeWriter } from "../settling/outcome-writer.js";
import { MessageProcessor, type MessageProcessorOptions } from "./message-processor.js";

export interface StepRunnerOptions extends MessageProcessorOptions {
  readonly slots: Slots;
  readonly prefetched: PrefetchBuffer;
  readonly inFlight: InFlightSteps;
  readonly writer: OutcomeWriter;
  /** Notified when there is room for more steps. */
  readonly wakeup: Pick<Wakeup, "notify">;
}

/** How many prefetched steps start in one turn of the event loop: about a millisecond of empty handlers. */
const maxStartsInTurn = 50;

/** Runs claimed messages, each in a slot of its own, and hands their outcomes to the writer. */
export class StepRunner {
  readonly #options: StepRunnerOptions;
  #startsInTurn = 0;

  constructor(options: StepRunnerOptions) {
    this.#options = options;
  }

  /** Starts a step at once, or when it has a slot; one that is in flight goes on. Never throws. */
  start(namespace: string, claim: ClaimedMessage): void {
    const { inFlight, slots, prefetched } = this.#options;
    if (inFlight.reclaim(claim)) return;
    const step = inFlight.add(namespace, claim);
    if (slots.free() > 0 && prefetched.size === 0) this.#run(step);
    else prefetched.push(step);
  }

  /** Releases a step at once; one that is in flight goes on. Never throws. */
  release(namespace: string, claim: ClaimedMessage): void {
    const { inFlight } = this.#options;
    if (!inFlight.reclaim(claim)) this.#release(inFlight.add(namespace, claim));
  }

  /** Releases the steps that wait for a slot: those that have waited too long, or all. */
  releasePrefetched(which: "stale" | "all"): void {
    const { prefetched } = this.#options;
    const steps = which === "all" ? prefetched.takeAll() : prefetched.takeStale();
    for (const step of steps) this.#release(step);
  }

  #release(step: InFlightStep): void {
    this.#options.writer.write(step, { kind: "retried", delayMs: 0, hasRun: false });
  }

  #run(step: InFlightStep): void {
    const { slots, prefetched, writer } = this.#options;
    const slot = slots.take((tookMs) => {
      prefetched.recordDuration(tookMs);
      this.#runNext();
    });
    void new MessageProcessor(this.#options, step, slot)
      .process()
      .then((outcome) => writer.write(step, outcome));
  }

  #runNext(): void {
    const { slots, prefetched, wakeup } = this.#options;
    if (prefetched.size > 0) this.#fillSlots();
    if (prefetched.room(slots.free()) > 0) wakeup.notify();
  }

  /** Steps that end without waiting for anything start one another in one turn of the event loop, which others need too. */
  #fillSlots(): void {
    const { slots, prefetched } = this.#options;
    // Before any of them starts: after a blocked event loop, others may have claimed them already.
    this.releasePrefetched("stale");
    while (slots.free() > 0 && this.#startsInTurn < maxStartsInTurn) {
      const step = prefetched.shift();
      if (step === undefined) return;
      if (this.#startsInTurn === 0) setImmediate(() => this.#beginTurn());
      this.#startsInTurn += 1;
      this.#run(step);
    }
  }

  #beginTurn(): void {
    this.#startsInTurn = 0;
    this.#fillSlots();
  }
}
