import type { StepQueues } from "../steps/step-queues.js";
import type { Breaker } from "../breakers/breaker.js";
import type { DomainEvent } from "./domain-event.js";
import type { PublishDurably } from "./event-router.js";

/** The queue of a namespace's events. */
export function eventQueueOf(namespace: string): string {
  return `${namespace}_domain_events`;
}

interface Waiting {
  readonly event: DomainEvent;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Writes events in batches: what gathers while one batch is under way makes up the next. */
export class DurablePublisher {
  readonly #queues: Pick<StepQueues, "send">;
  readonly #breaker: Breaker;
  readonly #waiting = new Map<string, Waiting[]>();
  /** Events that may wait to be written. */
  readonly capacity = 1_000;
  #length = 0;

  constructor(options: { readonly queues: Pick<StepQueues, "send">; readonly breaker: Breaker }) {
    this.#queues = options.queues;
    this.#breaker = options.breaker;
  }

  /** Events that wait to be written, or are being written. */
  get length(): number {
    return this.#length;
  }

  /** Resolves when the event is committed. Rejects where the database refuses, the breaker is open or the buffer is full. */
  readonly publish: PublishDurably = (event) => {
    if (this.#length >= this.capacity)
      return Promise.reject(new Error("The buffer of durable events is full."));
    this.#length += 1;
    const queue = eventQueueOf(event.metadata.template.namespace);
    return new Promise<void>((resolve, reject) => {
      const batch = this.#waiting.get(queue);
      if (batch !== undefined) batch.push({ event, resolve, reject });
      else {
        this.#waiting.set(queue, [{ event, resolve, reject }]);
        setImmediate(() => void this.#write(queue));
      }
    });
  };

  async #write(queue: string): Promise<void> {
    const batch = this.#waiting.get(queue) ?? [];
    this.#waiting.delete(queue);
    try {
      await this.#breaker.execute(() =>
        this.#queues.send(
          queue,
          batch.map(({ event }) => event),
        ),
      );
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#length -= batch.length;
    }
  }
}
