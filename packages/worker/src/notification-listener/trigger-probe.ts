import type { Clock, Logger } from "@tasker-observability/core";
import type { QueueTriggers } from "../queues/queue-triggers.js";
import { failureScope } from "../queues/sql-failure.js";
import type { StepQueues } from "../queues/step-queues.js";

/** The queues whose inserts notify, each with the time of the last notification. */
export type NotifyingQueues = Map<string, number>;

export interface TriggerProbeOptions {
  readonly queueNames: readonly string[];
  readonly queues: Pick<StepQueues, "readTriggers" | "insertNoRows">;
  /** Maintained by the probe. @default a new map */
  readonly notifyingQueues?: NotifyingQueues | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Knows which queues' inserts notify. If a queue has this package's trigger, the probe tests it by an INSERT of no
 * rows, which fires the trigger like every insert, but leaves no message, uses no number of the sequence and replicates
 * nothing. Other triggers fire only for rows: there, the next message is the proof.
 */
export interface TriggerProbe {
  /** Forgets everything, as a new connection requires, and probes all queues, now and periodically. */
  start(): void;
  /** A trigger's notification of this queue has arrived. @returns whether it may come from the probe's own insert. */
  recordNotification(queueName: string): boolean;
  /** Polling found new messages on this queue without a notification. */
  missedNotification(queueName: string): void;
  /** The queue was dropped and created again: forgets it and probes it. */
  queueRecreated(queueName: string): void;
  /** Queues whose inserts do not notify: only polling finds their messages. */
  pollOnlyQueues(): readonly string[];
  stop(): void;
}

/** Once sent, a notification takes no longer than an answer. */
const timeoutMs = 5_000;
/** How often a silent queue is probed. */
const probeEveryMs = 300_000;
/** Messages without a notification, for example delayed ones, do not make it probe more often than this. */
const minIntervalMs = 60_000;
/** How many queues a statement probes. */
const probeBatchSize = 100;

export function createTriggerProbe(options: TriggerProbeOptions): TriggerProbe {
  return new Probe(options);
}

interface NotificationHistory {
  /** Whether inserts into these queues did notify earlier: silence then means that they have stopped. */
  readonly hasNotifiedBefore: boolean;
}

/** The meaning of silence from a probed queue: none, no enabled trigger, or a trigger that fails to notify. */
type SilenceMeaning = "proves_nothing" | "not_notifying" | "broken";

class Probe implements TriggerProbe {
  readonly #options: TriggerProbeOptions;
  readonly #notifiedAtMs: NotifyingQueues;
  readonly #probedAtMs = new Map<string, number>();
  /** The probed queues that have not notified since. */
  readonly #awaitingNotification = new Set<string>();
  readonly #warnedQueues = new Set<string>();
  readonly #timers = new Set<() => void>();
  #generation = 0;

  constructor(options: TriggerProbeOptions) {
    this.#options = options;
    this.#notifiedAtMs = options.notifyingQueues ?? new Map<string, number>();
  }

  start(): void {
    this.stop();
    this.#probe(this.#options.queueNames, { hasNotifiedBefore: false });
    this.#probeSilent();
  }

  recordNotification(queueName: string): boolean {
    this.#notifiedAtMs.set(queueName, this.#options.clock.monotonicMs());
    return this.#awaitingNotification.delete(queueName);
  }

  missedNotification(queueName: string): void {
    if (!this.#notifiedAtMs.has(queueName)) return;
    const probedAtMs = this.#probedAtMs.get(queueName) ?? Number.NEGATIVE_INFINITY;
    if (this.#options.clock.monotonicMs() - probedAtMs >= minIntervalMs)
      this.#probe([queueName], { hasNotifiedBefore: true });
  }

  queueRecreated(queueName: string): void {
    const hadNotified = this.#notifiedAtMs.delete(queueName);
    this.#probe([queueName], { hasNotifiedBefore: hadNotified });
  }

  pollOnlyQueues(): readonly string[] {
    return this.#options.queueNames.filter((name) => !this.#notifiedAtMs.has(name));
  }

  stop(): void {
    this.#generation += 1;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#notifiedAtMs.clear();
    this.#probedAtMs.clear();
    this.#awaitingNotification.clear();
  }

  #probeSilent(): void {
    this.#after(probeEveryMs, () => {
      const sinceMs = this.#options.clock.monotonicMs() - probeEveryMs;
      this.#probe(
        this.#options.queueNames.filter((name) => !this.#isNotifiedSince(name, sinceMs)),
        { hasNotifiedBefore: false },
      );
      this.#probeSilent();
    });
  }

  #isNotifiedSince(queueName: string, sinceMs: number): boolean {
    return (this.#notifiedAtMs.get(queueName) ?? Number.NEGATIVE_INFINITY) >= sinceMs;
  }

  #probe(queueNames: readonly string[], { hasNotifiedBefore }: NotificationHistory): void {
    if (queueNames.length === 0) return;
    const sinceMs = this.#options.clock.monotonicMs();
    for (const name of queueNames) this.#probedAtMs.set(name, sinceMs);
    const generation = this.#generation;
    void this.#probeAll(queueNames).then((probed) => {
      if (generation !== this.#generation) return;
      this.#after(timeoutMs, () => {
        for (const queue of probed)
          if (!this.#isNotifiedSince(queue.queueName, sinceMs))
            this.#conclude(queue.queueName, classifySilence(queue, { hasNotifiedBefore }));
      });
    });
  }

  /** @returns the queues that could be probed. If the database does not answer, that says nothing about them. */
  async #probeAll(queueNames: readonly string[]): Promise<readonly QueueTriggers[]> {
    const found = await this.#options.queues.readTriggers(queueNames).catch(() => []);
    const toProbe = found.filter(({ taskerTrigger }) => taskerTrigger === "enabled");
    // If this role may not insert, the next message is the proof.
    const names = toProbe.filter(({ mayInsert }) => mayInsert).map(toName);
    const inserted = new Set<string>();
    for (let start = 0; start < names.length; start += probeBatchSize)
      for (const name of await this.#insertNoRows(names.slice(start, start + probeBatchSize)))
        inserted.add(name);
    return found.filter(
      ({ queueName, taskerTrigger }) => taskerTrigger !== "enabled" || inserted.has(queueName),
    );
  }

  /** Halves a failing list until the failing queue is alone. @returns the queues that accepted the insert. */
  async #insertNoRows(names: readonly string[]): Promise<readonly string[]> {
    for (const name of names) this.#awaitingNotification.add(name);
    try {
      await this.#options.queues.insertNoRows(names);
      return names;
    } catch (error) {
      for (const name of names) this.#awaitingNotification.delete(name);
      if (names.length === 1 || failureScope(error) === "database") return [];
      const middle = names.length >> 1;
      const first = await this.#insertNoRows(names.slice(0, middle));
      return [...first, ...(await this.#insertNoRows(names.slice(middle)))];
    }
  }

  #conclude(queueName: string, silence: SilenceMeaning): void {
    switch (silence) {
      case "proves_nothing":
        return;
      case "not_notifying":
        this.#notifiedAtMs.delete(queueName);
        return;
      case "broken":
        this.#notifiedAtMs.delete(queueName);
        this.#warnOnce(queueName);
    }
  }

  #warnOnce(queueName: string): void {
    if (this.#warnedQueues.has(queueName)) return;
    this.#warnedQueues.add(queueName);
    this.#options.logger(
      "warn",
      "inserts into a queue do not notify, so polling finds its steps: run tasker-worker notifications status to see why",
      { queue: queueName },
    );
  }

  #after(ms: number, run: () => void): void {
    const cancel = this.#options.clock.after(ms, () => {
      this.#timers.delete(cancel);
      run();
    });
    this.#timers.add(cancel);
  }
}

function toName({ queueName }: QueueTriggers): string {
  return queueName;
}

function classifySilence(
  { taskerTrigger, pgmqTrigger }: QueueTriggers,
  { hasNotifiedBefore }: NotificationHistory,
): SilenceMeaning {
  if (hasNotifiedBefore || taskerTrigger === "enabled") return "broken";
  // PGMQ's trigger does not fire for an insert of no rows.
  return pgmqTrigger === "enabled" ? "proves_nothing" : "not_notifying";
}
