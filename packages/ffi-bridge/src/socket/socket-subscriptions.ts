import { notInstalled, ObservabilityError } from "@tasker-observability/core";
import type { EventSource } from "./event-source.js";
import { EventSubscription, type FrameWriter } from "./event-subscription.js";

/** The most subscriptions of a connection. */
const maxSubscriptions = 64;
const bufferLimits = { events: 1_000, bytes: 4 * 1_048_576 } as const;

/** The methods that a connection answers itself. */
export const subscriptionMethods = ["events_subscribe", "events_unsubscribe"] as const;

interface Entry {
  readonly subscription: EventSubscription;
  readonly end: () => void;
}

/** The subscriptions of one connection: `events_subscribe { pattern }` and `events_unsubscribe { subscription }`. */
export class SocketSubscriptions {
  readonly #events: EventSource | null;
  readonly #writer: FrameWriter;
  readonly #entries = new Map<number, Entry>();
  #lastId = 0;

  constructor(events: EventSource | null, writer: FrameWriter) {
    this.#events = events;
    this.#writer = writer;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The result as JSON; null for another method. @throws ObservabilityError if the subscription is rejected. */
  call(method: string, params: unknown): string | null {
    if (method === "events_subscribe")
      return JSON.stringify({
        subscription: this.#subscribe(fieldOf(params, "pattern", "string")),
      });
    if (method === "events_unsubscribe")
      return JSON.stringify({
        ended: this.#unsubscribe(fieldOf(params, "subscription", "number")),
      });
    return null;
  }

  flush(): void {
    for (const { subscription } of this.#entries.values()) subscription.flush();
  }

  close(): void {
    for (const id of [...this.#entries.keys()]) this.#unsubscribe(id);
  }

  #subscribe(pattern: string): number {
    if (this.#events === null) throw notInstalled("this worker has no domain events.");
    if (this.#entries.size >= maxSubscriptions)
      throw new ObservabilityError(
        "INVALID_PARAMS",
        `${maxSubscriptions} subscriptions are open on this connection: end one first, or subscribe to a prefix.`,
      );
    const id = this.#lastId + 1;
    const subscription = new EventSubscription(id, this.#writer, bufferLimits);
    const end = subscribeTo(this.#events, pattern, subscription);
    this.#lastId = id;
    this.#entries.set(id, { subscription, end });
    return id;
  }

  #unsubscribe(id: number): boolean {
    const entry = this.#entries.get(id);
    entry?.end();
    return this.#entries.delete(id);
  }
}

function subscribeTo(
  events: EventSource,
  pattern: string,
  subscription: EventSubscription,
): () => void {
  try {
    return events.subscribe(pattern, (event) => subscription.deliver(event));
  } catch {
    throw new ObservabilityError(
      "INVALID_PARAMS",
      "The event pattern is invalid: use a name (payment.processed), a prefix (payment.*) or *.",
    );
  }
}

function fieldOf(params: unknown, name: string, type: "string"): string;
function fieldOf(params: unknown, name: string, type: "number"): number;
function fieldOf(params: unknown, name: string, type: "string" | "number"): unknown {
  const fields: readonly (readonly [string, unknown])[] =
    typeof params === "object" && params !== null ? Object.entries(params) : [];
  const [field] = fields;
  if (field === undefined || fields.length > 1 || field[0] !== name || typeof field[1] !== type) {
    throw new ObservabilityError(
      "INVALID_PARAMS",
      `The params must be { ${name} }, a ${type}, and nothing else.`,
    );
  }
  return field[1];
}
