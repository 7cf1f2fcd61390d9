import type { Clock, Logger } from "@tasker-observability/core";
import type { QueueTriggers } from "../queues/queue-triggers.js";
import type { StepQueues } from "../queues/step-queues.js";

export interface TriggerProbeOptions {
  readonly queueNames: readonly string[];
  readonly queues: Pick<StepQueues, "readTriggers" | "insertNoRows">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Knows which queues' inserts are seen to notify. If a queue has this package's trigger, the probe finds out by an INSERT of no
 * rows: it fires the trigger as every insert does, and leaves no message, no number of the sequence and nothing for replication.
 * Other triggers fire for rows only: there the next message is the proof.
 */
export interface TriggerProbe {
  /** Forgets everything, as a new connection requires, and probes all queues, now and from time to time. */
  start(): void;
  /** A trigger's notification of this queue has arrived. */
  notified(queueName: string): void;
  /** New messages were found on this queue that no notification had announced. */
  missedNotification(queueName: string): void;
  /** The queue was dropped and created: forgets it and probes it. */
  queueRecreated(queueName: string): void;
  /** Queues whose inserts are not seen to notify: polling alone finds their messages. */
  polledQueues(): readonly string[];
  stop(): void;
}

/** Once it is sent, a notification takes no longer than an answer would. */
const timeoutMs = 5_000;
/** How often a silent queue is probed. */
const probeEveryMs = 300_000;
/** Messages that seem unannounced, since their senders delay them say, do not make it probe more often than this. */
const restMs = 60_000;

export function createTriggerProbe(options: TriggerProbeOptions): TriggerProbe {
  return new Probe(options);
}

interface Suspicion {
  /** Whether there is a sign that inserts into a queue, which did notify, no longer do. */
  readonly isSuspected: boolean;
}

/** What it means that a probed queue stays silent: nothing, that no enabled trigger would notify, or that one fails to. */
type Silence = "proves_nothing" | "not_notifying" | "broken";

class Probe implements TriggerProbe {
  readonly #options: TriggerProbeOptions;
  /** When each queue last notified; no entry if it never did. */
  readonly #notifiedAtMs = new Map<string, number>();
  readonly #probedAtMs = new Map<string, number>();
  readonly #warnedQueues = new Set<string>();
  readonly #timers = new Set<() => void>();
  #generation = 0;

  constructor(options: TriggerProbeOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.#probe(this.#options.queueNames, { isSuspected: false });
    this.#probeSilent();
  }

  notified(queueName: string): void {
    this.#notifiedAtMs.set(queueName, this.#options.clock.monotonicMs());
  }

  missedNotification(queueName: string): void {
    if (!this.#notifiedAtMs.has(queueName)) return;
    const probedAtMs = this.#probedAtMs.get(queueName) ?? Number.NEGATIVE_INFINITY;
    if (this.#options.clock.monotonicMs() - probedAtMs >= restMs)
      this.#probe([queueName], { isSuspected: true });
  }

  queueRecreated(queueName: string): void {
    const hadNotified = this.#notifiedAtMs.delete(queueName);
    this.#probe([queueName], { isSuspected: hadNotified });
  }

  polledQueues(): readonly string[] {
    return this.#options.queueNames.filter((name) => !this.#notifiedAtMs.has(name));
  }

  stop(): void {
    this.#generation += 1;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#notifiedAtMs.clear();
    this.#probedAtMs.clear();
  }

  #probeSilent(): void {
    this.#after(probeEveryMs, () => {
      const sinceMs = this.#options.clock.monotonicMs() - probeEveryMs;
      this.#probe(
        this.#options.queueNames.filter((name) => !this.#isNotifiedSince(name, sinceMs)),
        { isSuspected: false },
      );
      this.#probeSilent();
    });
  }

  #isNotifiedSince(queueName: string, sinceMs: number): boolean {
    return (this.#notifiedAtMs.get(queueName) ?? Number.NEGATIVE_INFINITY) >= sinceMs;
  }

  #probe(queueNames: readonly string[], { isSuspected }: Suspicion): void {
    if (queueNames.length === 0) return;
    const sinceMs = this.#options.clock.monotonicMs();
    for (const name of queueNames) this.#probedAtMs.set(name, sinceMs);
    const generation = this.#generation;
    void this.#insertNoRows(queueNames).then((probed) => {
      if (generation !== this.#generation) return;
      this.#after(timeoutMs, () => {
        for (const queue of probed)
          if (!this.#isNotifiedSince(queue.queueName, sinceMs))
            this.#conclude(queue.queueName, meaningOfSilence(queue, { isSuspected }));
      });
    });
  }

  /** @returns the queues that could be probed: where the database cannot be asked, that says nothing of them. */
  async #insertNoRows(queueNames: readonly string[]): Promise<readonly QueueTriggers[]> {
    const { queues } = this.#options;
    const probed: QueueTriggers[] = [];
    for (const triggers of await queues.readTriggers(queueNames).catch(() => []))
      try {
        if (triggers.taskerTrigger === "enabled") await queues.insertNoRows(triggers.queueName);
        probed.push(triggers);
      } catch {
        // This role may not insert into the queue: its next message is the proof.
      }
    return probed;
  }

  #conclude(queueName: string, silence: Silence): void {
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
      "inserts into a queue do not notify; polling finds its steps: run tasker-worker notifications status to see why",
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

function meaningOfSilence(
  { taskerTrigger, pgmqTrigger }: QueueTriggers,
  { isSuspected }: Suspicion,
): Silence {
  if (isSuspected || taskerTrigger === "enabled") return "broken";
  // PGMQ's trigger does not fire for an insert of no rows.
  return pgmqTrigger === "enabled" ? "proves_nothing" : "not_notifying";
}
