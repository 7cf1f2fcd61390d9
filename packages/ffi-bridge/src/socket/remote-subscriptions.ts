import type { EventDelivery, EventListener } from "./event-delivery.js";
import { toJson } from "./params-json.js";
import type { RpcConnection } from "./rpc-connection.js";

interface Subscriber {
  readonly pattern: string;
  readonly listener: EventListener;
}

/** Subscriptions of a client, renewed on each new connection with new ids. */
export class RemoteSubscriptions {
  readonly #subscribers = new Set<Subscriber>();
  #byId = new Map<number, Subscriber>();

  get size(): number {
    return this.#subscribers.size;
  }

  /** @throws ObservabilityError if the worker rejects it. */
  async add(
    pattern: string,
    listener: EventListener,
    connection: RpcConnection,
  ): Promise<Subscriber> {
    const subscriber = { pattern, listener };
    await this.#open(subscriber, connection);
    this.#subscribers.add(subscriber);
    return subscriber;
  }

  async remove(subscriber: Subscriber, connection: RpcConnection | null): Promise<void> {
    this.#subscribers.delete(subscriber);
    const open = [...this.#byId].filter(([, one]) => one === subscriber);
    for (const [subscription] of open) {
      this.#byId.delete(subscription);
      await connection?.call(
        "events_unsubscribe",
        JSON.stringify({ subscription }),
        () => undefined,
      );
    }
  }

  /** The connection has closed. */
  forget(): void {
    this.#byId = new Map();
  }

  /** @throws ObservabilityError if the worker cannot be reached. */
  async renew(connection: RpcConnection): Promise<void> {
    await Promise.all(
      [...this.#subscribers].map((subscriber) => this.#open(subscriber, connection)),
    );
  }

  deliver(subscription: number, event: unknown, delivery: EventDelivery): void {
    try {
      this.#byId.get(subscription)?.listener(event, delivery);
    } catch {
      // A listener that throws affects neither the others nor the connection.
    }
  }

  clear(): void {
    this.#subscribers.clear();
    this.forget();
  }

  async #open(subscriber: Subscriber, connection: RpcConnection): Promise<void> {
    // Registered at once: the first event may be in the next frame.
    await connection.call("events_subscribe", toJson({ pattern: subscriber.pattern }), (result) => {
      this.#byId.set((result as { readonly subscription: number }).subscription, subscriber);
    });
  }
}
