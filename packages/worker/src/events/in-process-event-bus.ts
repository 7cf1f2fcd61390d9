import type { BusCounts, Logger } from "@tasker-observability/core";
import { BoundedSubscriber, type EventHandler } from "./bounded-subscriber.js";
import type { DeliveryOutcome, DomainEvent } from "./domain-event.js";
import { compilePattern } from "./event-pattern.js";

/** Takes an event to another process. @returns false if its buffer is full: the event is dropped for it. */
export type EventChannel = (event: DomainEvent) => boolean;

export interface InProcessEventBusOptions {
  readonly logger: Logger;
  /** Events that may wait for one subscriber. @default 1000 */
  readonly capacity?: number | undefined;
}

interface HandlerSubscription {
  readonly pattern: string;
  readonly matches: (eventName: string) => boolean;
  readonly subscriber: BoundedSubscriber;
}

interface ChannelSubscription {
  readonly matches: (eventName: string) => boolean;
  readonly channel: EventChannel;
}

/** Delivers events to subscribers in this process, and to channels to other processes. */
export class InProcessEventBus {
  /** Events that may wait for one subscriber. */
  readonly capacity: number;
  readonly #logger: Logger;
  readonly #handlers = new Set<HandlerSubscription>();
  readonly #channels = new Set<ChannelSubscription>();
  readonly #counts = {
    dispatched: 0,
    handlerDispatches: 0,
    handlerErrors: 0,
    channelDispatches: 0,
    channelDrops: 0,
  };

  constructor(options: InProcessEventBusOptions) {
    this.#logger = options.logger;
    this.capacity = options.capacity ?? 1_000;
  }

  /**
   * Calls `handler` with every later event that matches, one at a time. Every failure counts. The log has one line when
   * failures begin and one when they end.
   * @returns a function that ends it: waiting events are not delivered. @throws Error if the pattern is invalid, or the
   * handler is not a function.
   */
  subscribe(pattern: string, handler: EventHandler): () => void {
    const matches = compilePattern(pattern);
    if (typeof handler !== "function")
      throw new Error("subscribe takes a pattern, and a function that is called with each event.");
    let isFailing = false;
    const onError = (error: unknown): void => {
      this.#counts.handlerErrors += 1;
      if (!isFailing) this.#logger("warn", "an event subscriber failed", { pattern, error });
      isFailing = true;
    };
    const onDelivered = (): void => {
      if (isFailing) this.#logger("info", "an event subscriber recovered", { pattern });
      isFailing = false;
    };
    const subscriber = new BoundedSubscriber({
      handler,
      capacity: this.capacity,
      onError,
      onDelivered,
    });
    const subscription = { pattern, matches, subscriber };
    this.#handlers.add(subscription);
    return () => {
      this.#handlers.delete(subscription);
      subscriber.close();
    };
  }

  /** Sends every later matching event to a channel. @returns a function that ends it. */
  subscribeChannel(pattern: string, channel: EventChannel): () => void {
    const subscription = { matches: compilePattern(pattern), channel };
    this.#channels.add(subscription);
    return () => void this.#channels.delete(subscription);
  }

  /** Never rejects. Resolves to the worst result, once every subscriber is done. */
  async dispatch(event: DomainEvent): Promise<DeliveryOutcome> {
    this.#counts.dispatched += 1;
    const sent = [...this.#channels]
      .filter(({ matches }) => matches(event.event_name))
      .map(({ channel }) => this.#send(channel, event));
    const handled = [...this.#handlers]
      .filter(({ matches }) => matches(event.event_name))
      .map(({ subscriber }) => this.#hand(subscriber, event));
    return worstOf([...sent, ...(await Promise.all(handled))]);
  }

  statistics(): BusCounts {
    const { dispatched, handlerDispatches, handlerErrors, channelDispatches, channelDrops } =
      this.#counts;
    return {
      total_events_dispatched: dispatched,
      rust_handler_dispatches: handlerDispatches,
      ffi_channel_dispatches: channelDispatches,
      rust_handler_errors: handlerErrors,
      ffi_channel_drops: channelDrops,
      rust_subscriber_patterns: new Set([...this.#handlers].map(({ pattern }) => pattern)).size,
      rust_handler_count: this.#handlers.size,
      ffi_subscriber_count: this.#channels.size,
    };
  }

  /** How many events wait for the slowest subscriber. */
  maxBacklog(): number {
    return Math.max(0, ...[...this.#handlers].map(({ subscriber }) => subscriber.length));
  }

  #send(channel: EventChannel, event: DomainEvent): DeliveryOutcome {
    const isTaken = tryDeliver(channel, event);
    this.#counts[isTaken ? "channelDispatches" : "channelDrops"] += 1;
    return isTaken ? "delivered" : "dropped";
  }

  async #hand(subscriber: BoundedSubscriber, event: DomainEvent): Promise<DeliveryOutcome> {
    this.#counts.handlerDispatches += 1;
    const outcome = await subscriber.deliver(event);
    // A drop counts as the handler's failure, like a throw: it was too slow.
    if (outcome === "dropped") this.#counts.handlerErrors += 1;
    return outcome;
  }
}

function tryDeliver(channel: EventChannel, event: DomainEvent): boolean {
  try {
    return channel(event);
  } catch {
    return false;
  }
}

/** Dropped is worse than failed, and failed is worse than delivered. */
export function worstOf(outcomes: readonly DeliveryOutcome[]): DeliveryOutcome {
  if (outcomes.includes("dropped")) return "dropped";
  return outcomes.includes("failed") ? "failed" : "delivered";
}
