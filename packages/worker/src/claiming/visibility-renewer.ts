import type { Clock, Logger } from "@tasker-observability/core";
import { ClaimLostError, type InFlightStep, type InFlightSteps } from "./in-flight-steps.js";
import { isCommitUncertain } from "../queues/sql-failure.js";
import type { Renewal, StepQueues } from "../queues/step-queues.js";

/** Keeps the messages of steps in flight invisible to other workers: renews them every third of the visibility time-out. */
export interface VisibilityRenewer {
  start(): void;
  /**
   * Called before a claim: first renews what could not be renewed in time, as during an outage. Otherwise the worker would claim
   * its own steps again, which would count as attempts.
   *
   * @throws the database's error when it still cannot be renewed.
   */
  renewIfLate(queueName: string): Promise<void>;
  /**
   * Called before outcomes of one queue are written, which locks their messages. Renews those whose renewal is overdue, because
   * an earlier attempt to write had them locked. Never rejects.
   */
  retryFailedRenewals(steps: readonly InFlightStep[]): Promise<void>;
  /** May be called twice. */
  stop(): void;
}

export interface VisibilityRenewerOptions {
  readonly queues: Pick<StepQueues, "renew">;
  readonly inFlight: InFlightSteps;
  readonly visibilityTimeoutSeconds: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** After a failure, the next try comes sooner than a third of the time-out. */
const retryMs = 1_000;

export function createVisibilityRenewer(options: VisibilityRenewerOptions): VisibilityRenewer {
  return new Renewer(options);
}

class Renewer implements VisibilityRenewer {
  readonly #options: VisibilityRenewerOptions;
  readonly #everyMs: number;
  readonly #renewedAtMs = new Map<string, number>();
  /** The queues whose last renewal failed. */
  readonly #failing = new Set<string>();
  /** Steps whose last renewal failed, or met a lock. */
  readonly #unrenewed = new WeakSet<InFlightStep>();
  /** When the last round began that has ended: the steps in flight then are renewed, except those that failed. */
  #roundAtMs = 0;
  #cancel: (() => void) | undefined;

  constructor(options: VisibilityRenewerOptions) {
    this.#options = options;
    this.#everyMs = (options.visibilityTimeoutSeconds * 1_000) / 3;
  }

  start(): void {
    const { clock } = this.#options;
    this.#roundAtMs = clock.monotonicMs();
    this.#cancel ??= clock.after(this.#everyMs, () => void this.#round());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async renewIfLate(queueName: string): Promise<void> {
    if (!this.#isLate(queueName)) return;
    const steps = this.#options.inFlight.byQueue().get(queueName);
    if (steps !== undefined) await this.#renewAll(queueName, steps);
  }

  async retryFailedRenewals(steps: readonly InFlightStep[]): Promise<void> {
    const unrenewed = steps.filter((step) => this.#unrenewed.has(step));
    const [first] = unrenewed;
    if (first === undefined) return;
    // If this fails, the write fails too, and that is logged.
    await this.#renew(first.claim.queueName, unrenewed).catch(() => undefined);
  }

  async #round(): Promise<void> {
    const { inFlight, clock } = this.#options;
    const startedAtMs = clock.monotonicMs();
    const renewals = await Promise.all(
      [...inFlight.byQueue()].map(([queueName, steps]) => this.#tryToRenew(queueName, steps)),
    );
    this.#roundAtMs = startedAtMs;
    const tookMs = clock.monotonicMs() - startedAtMs;
    const restMs = renewals.every(Boolean)
      ? Math.max(0, this.#everyMs - tookMs)
      : Math.min(retryMs, this.#everyMs);
    if (this.#cancel !== undefined) this.#cancel = clock.after(restMs, () => void this.#round());
  }

  /** After a failure, and after two thirds of the time-out: a round has not come, or not come back. */
  #isLate(queueName: string): boolean {
    if (this.#failing.has(queueName)) return true;
    const renewedAtMs = Math.max(this.#roundAtMs, this.#renewedAtMs.get(queueName) ?? 0);
    return this.#options.clock.monotonicMs() - renewedAtMs > 2 * this.#everyMs;
  }

  /** @returns whether the database did it. */
  async #tryToRenew(queueName: string, steps: readonly InFlightStep[]): Promise<boolean> {
    try {
      await this.#renewAll(queueName, steps);
      return true;
    } catch (error) {
      this.#failing.add(queueName);
      for (const step of steps) this.#unrenewed.add(step);
      // Stopping cuts the renewal off, and the drain logs what it leaves.
      if (this.#cancel !== undefined)
        this.#options.logger("warn", "visibility could not be renewed", {
          queue: queueName,
          steps: steps.length,
          error,
        });
      return false;
    }
  }

  async #renewAll(queueName: string, steps: readonly InFlightStep[]): Promise<void> {
    const startedAtMs = this.#options.clock.monotonicMs();
    await this.#renew(queueName, steps);
    this.#failing.delete(queueName);
    this.#renewedAtMs.set(queueName, startedAtMs);
  }

  async #renew(queueName: string, steps: readonly InFlightStep[]): Promise<void> {
    const { inFlight, logger } = this.#options;
    const fences = new Map(steps.map((step) => [step, step.fence]));
    const renewing = this.#renewFences(queueName, fences);
    inFlight.trackFenceChange(queueName, renewing);
    const ours = await renewing;
    for (const step of steps)
      if (ours.get(step.messageKey) === null) this.#unrenewed.add(step);
      else this.#unrenewed.delete(step);
    // A step is not lost if its outcome was written meanwhile, or if this worker has claimed it again.
    const isLost = (step: InFlightStep): boolean =>
      !step.isDecided && step.fence === fences.get(step);
    const missing = steps.filter((step) => !ours.has(step.messageKey));
    if (missing.length > 0)
      void inFlight
        .waitForFenceChanges(queueName)
        .then(() => missing.filter(isLost).forEach((step) => lose(step, logger)));
  }

  async #renewFences(
    queueName: string,
    fences: ReadonlyMap<InFlightStep, InFlightStep["fence"]>,
  ): Promise<Renewal> {
    const { queues, inFlight } = this.#options;
    try {
      const ours = await queues.renew(queueName, [...fences.values()]);
      for (const [step, fence] of fences) {
        const visibleAtMicros = ours.get(step.messageKey) ?? null;
        if (visibleAtMicros !== null && step.fence === fence)
          inFlight.setVisibleAt(step, visibleAtMicros);
      }
      return ours;
    } catch (error) {
      if (isCommitUncertain(error))
        for (const [step, fence] of fences)
          if (step.fence === fence) inFlight.setVisibleAt(step, null);
      throw error;
    }
  }
}

function lose(step: InFlightStep, logger: Logger): void {
  if (step.controller.reason !== null) return;
  logger("warn", "claim lost: another worker has the step, or its message is gone", {
    queue: step.claim.queueName,
    message_id: step.claim.messageId,
  });
  step.controller.abort(new ClaimLostError("The step's claim was lost."));
}
