import type { DeliveryOutcome, DomainEvent } from "./domain-event.js";

/** A subscriber in this process. Its errors are counted, logged when they begin, and affect no other subscriber. */
export type EventHandler = (event: DomainEvent) => void | Promise<void>;

export interface BoundedSubscriberOptions {
  readonly handler: EventHandler;
  /** Events that may wait for the handler. */
  readonly capacity: number;
  /** Called with everything that the handler throws. */
  readonly onError: (error: unknown) => void;
  /** Called with every event that the handler has finished. */
  readonly onDelivered: () => void;
}

interface Waiting {
  readonly event: DomainEvent;
  readonly settle: (outcome: DeliveryOutcome) => void;
}

/** Passes events to a subscriber one by one, and drops events that it is too slow for, so that memory stays bounded. */
export class BoundedSubscriber {
  readonly #handler: EventHandler;
  readonly #capacity: number;
  readonly #onError: (error: unknown) => void;
  readonly #onDelivered: () => void;
  readonly #waiting: Waiting[] = [];
  #isBusy = false;

  constructor(options: BoundedSubscriberOptions) {
    this.#handler = options.handler;
    this.#capacity = options.capacity;
    this.#onError = options.onError;
    this.#onDelivered = options.onDelivered;
  }

  /** Events that wait for the handler. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Never rejects. Resolves once the handler is done with the event, or at once if there is no room for it. */
  deliver(event: DomainEvent): Promise<DeliveryOutcome> {
    if (this.#waiting.length >= this.#capacity) return Promise.resolve("dropped");
    return new Promise((settle) => {
      this.#waiting.push({ event, settle });
      if (!this.#isBusy) void this.#work();
    });
  }

  /** Passes on no more events. Waiting events end as if nobody had subscribed. */
  close(): void {
    for (const { settle } of this.#waiting.splice(0)) settle("delivered");
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    // Not in the publisher's own turn, because a handler may have no second await.
    await Promise.resolve();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      next.settle(await this.#handle(next.event));
    this.#isBusy = false;
  }

  async #handle(event: DomainEvent): Promise<DeliveryOutcome> {
    try {
      await this.#handler(event);
      this.#onDelivered();
      return "delivered";
    } catch (error) {
      this.#onError(error);
      return "failed";
    }
  }
}
