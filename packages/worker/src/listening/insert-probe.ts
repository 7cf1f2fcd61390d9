import type { Clock, Logger } from "@tasker-observability/core";
import type { QueueTriggers } from "../queues/queue-triggers.js";
import type { StepQueues } from "../queues/step-queues.js";

export interface InsertProbeOptions {
  readonly queueNames: readonly string[];
  readonly queues: Pick<StepQueues, "readTriggers" | "insertNothing">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Knows of which queues inserts have been seen to arrive as notifications. Where a queue has this package's trigger, it finds out by an
 * INSERT of no rows: that fires the trigger as every insert does, and leaves no message, no number of the sequence and nothing for
 * replication. Any other trigger sees rows alone: there the next message that somebody sends is the proof.
 */
export interface InsertProbe {
  /** Nothing is known any more, as when a connection is new: all queues are probed, and again from time to time. */
  start(): void;
  /** A trigger's notification of this queue has arrived. */
  arrived(queueName: string): void;
  /** New messages were found on this queue that no notification had announced. */
  missed(queueName: string): void;
  /** The queue was made anew: what was known of it is of no worth. */
  forget(queueName: string): void;
  /** Queues whose inserts have not been seen to arrive: polling alone finds their messages. */
  polledQueues(): readonly string[];
  stop(): void;
}

/** Once it is sent, a notification takes no longer than an answer would. */
const patienceMs = 5_000;
/** How often a queue of which nothing was heard is probed. */
const probeEveryMs = 300_000;
/** Messages that seem unannounced, since their senders delay them say, do not make it probe more often than this. */
const restMs = 60_000;

export function createInsertProbe(options: InsertProbeOptions): InsertProbe {
  return new Probe(options);
}

class Probe implements InsertProbe {
  readonly #options: InsertProbeOptions;
  /** When each was last heard of; none where it was not. */
  readonly #arrivedAtMs = new Map<string, number>();
  readonly #probedAtMs = new Map<string, number>();
  readonly #warnedOf = new Set<string>();
  readonly #timers = new Set<() => void>();
  #generation = 0;

  constructor(options: InsertProbeOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.#probe(this.#options.queueNames, false);
    this.#probeSilent();
  }

  arrived(queueName: string): void {
    this.#arrivedAtMs.set(queueName, this.#options.clock.monotonicMs());
  }

  missed(queueName: string): void {
    if (!this.#arrivedAtMs.has(queueName)) return;
    const probedAtMs = this.#probedAtMs.get(queueName) ?? Number.NEGATIVE_INFINITY;
    if (this.#options.clock.monotonicMs() - probedAtMs >= restMs) this.#probe([queueName], true);
  }

  forget(queueName: string): void {
    this.#probe([queueName], this.#arrivedAtMs.delete(queueName));
  }

  polledQueues(): readonly string[] {
    return this.#options.queueNames.filter((name) => !this.#arrivedAtMs.has(name));
  }

  stop(): void {
    this.#generation += 1;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#arrivedAtMs.clear();
    this.#probedAtMs.clear();
  }

  #probeSilent(): void {
    this.#after(probeEveryMs, () => {
      const sinceMs = this.#options.clock.monotonicMs() - probeEveryMs;
      this.#probe(
        this.#options.queueNames.filter((name) => !this.#hasArrivedSince(name, sinceMs)),
        false,
      );
      this.#probeSilent();
    });
  }

  #hasArrivedSince(queueName: string, sinceMs: number): boolean {
    return (this.#arrivedAtMs.get(queueName) ?? Number.NEGATIVE_INFINITY) >= sinceMs;
  }

  /** @param isDoubted - whether there is a sign that inserts into them no longer notify. */
  #probe(queueNames: readonly string[], isDoubted: boolean): void {
    if (queueNames.length === 0) return;
    const sinceMs = this.#options.clock.monotonicMs();
    for (const name of queueNames) this.#probedAtMs.set(name, sinceMs);
    const generation = this.#generation;
    void this.#insertNothing(queueNames).then((probed) => {
      if (generation !== this.#generation) return;
      this.#after(patienceMs, () => {
        for (const queue of probed)
          if (!this.#hasArrivedSince(queue.queueName, sinceMs)) this.#judge(queue, isDoubted);
      });
    });
  }

  /** @returns the queues that could be probed: where the database cannot be asked, that says nothing of them. */
  async #insertNothing(queueNames: readonly string[]): Promise<readonly QueueTriggers[]> {
    const { queues } = this.#options;
    const probed: QueueTriggers[] = [];
    for (const triggers of await queues.readTriggers(queueNames).catch(() => []))
      try {
        if (triggers.ours === "enabled") await queues.insertNothing(triggers.queueName);
        probed.push(triggers);
      } catch {
        // Of a queue that this role may not insert into, the next message that somebody sends tells.
      }
    return probed;
  }

  #judge({ queueName, ours, pgmq }: QueueTriggers, isDoubted: boolean): void {
    if (!isDoubted && ours !== "enabled" && pgmq === "enabled") return;
    this.#arrivedAtMs.delete(queueName);
    if ((!isDoubted && ours !== "enabled") || this.#warnedOf.has(queueName)) return;
    this.#warnedOf.add(queueName);
    this.#options.logger(
      "warn",
      "inserts into a queue do not notify; polling finds its steps: tasker-worker notifications status tells why",
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
