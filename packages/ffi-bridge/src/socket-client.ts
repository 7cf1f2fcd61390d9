import { problemOfSocketPath } from "@tasker-observability/config/files";
import {
  type Clock,
  createBackoff,
  notRunning,
  ObservabilityError,
  systemClock,
} from "@tasker-observability/core";
import {
  assertValid,
  clockOption,
  delayMs,
  validateOptions,
} from "@tasker-observability/core/options";
import * as z from "zod";
import { createFacadeMethods } from "./facade-methods.js";
import type { ObservabilityMethods } from "./observability-methods.js";
import { toJson } from "./socket/params-json.js";
import type { EventListener } from "./socket/event-delivery.js";
import { RemoteSubscriptions } from "./socket/remote-subscriptions.js";
import { RpcConnection } from "./socket/rpc-connection.js";
import { maxCallsInFlight } from "./socket/socket-calls.js";

const retryDelays = { firstMs: 100, maxMs: 5_000, jitter: 0.2 };

const connectOptionsSchema = z.strictObject({
  /** How long a call waits for its answer. @default 30000 */
  timeoutMs: z._default(delayMs(), 30_000),
  /** The clock. @default the machine's */
  clock: z._default(clockOption, () => systemClock),
});
/** Options of {@link connectObservability}; all have a default. */
export type ConnectOptions = z.input<typeof connectOptionsSchema>;

/** The facade of a worker in another process. */
export interface RemoteObservability extends ObservabilityMethods {
  /**
   * Calls `listener` with every later domain event that matches: a name, `prefix.*` or `*`. It continues when the
   * worker comes back; events in between are lost. The second argument, `{ dropped }`, counts the events that were lost
   * because the process read too slowly. An open connection with subscriptions keeps the process alive.
   *
   * @returns a function that ends it. @throws ObservabilityError INVALID_PARAMS, SERVICE_NOT_INSTALLED, WORKER_NOT_RUNNING.
   */
  subscribe(pattern: string, listener: EventListener): Promise<() => Promise<void>>;
  /** Closes the connection; running calls reject with WORKER_NOT_RUNNING. Idempotent. */
  close(): Promise<void>;
}

/**
 * The same facade as in the worker's own process, over its socket. It connects with the first call, and reconnects with the
 * first call after the connection broke. If no worker answers, calls reject with WORKER_NOT_RUNNING.
 *
 * @throws ObservabilityError INVALID_PARAMS at once, for a path that no socket can have, and for wrong options.
 * @example
 * const observability = connectObservability("/run/orders/worker.sock");
 * console.log(await observability.ready());
 */
export function connectObservability(
  path: string,
  options: ConnectOptions = {},
): RemoteObservability {
  const pathProblem = problemOfSocketPath(path);
  assertValid([
    ...(pathProblem === null ? [] : [pathProblem]),
    ...validateOptions("connectObservability", connectOptionsSchema, options),
  ]);
  const client = new SocketClient(path, connectOptionsSchema.parse(options));
  return Object.freeze({
    ...createFacadeMethods((name, params) => client.call(name, params)),
    subscribe: (pattern: string, listener: EventListener) => client.subscribe(pattern, listener),
    close: () => client.close(),
  });
}

class SocketClient {
  readonly #path: string;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #subscriptions = new RemoteSubscriptions();
  readonly #waiting: (() => void)[] = [];
  #connection: RpcConnection | null = null;
  readonly #backoff = createBackoff(retryDelays);
  #cancelRetry: (() => void) | undefined;
  #closed = false;

  constructor(path: string, { timeoutMs, clock }: z.output<typeof connectOptionsSchema>) {
    this.#path = path;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  async call(method: string, params: unknown): Promise<unknown> {
    const json = toJson(params);
    if ((this.#connection?.callsInFlight ?? 0) >= maxCallsInFlight) await this.#waitForSlot();
    try {
      return await this.#connect().call(method, json, (result) => result);
    } finally {
      this.#waiting.shift()?.();
    }
  }

  async subscribe(pattern: string, listener: EventListener): Promise<() => Promise<void>> {
    if (typeof listener !== "function")
      throw new ObservabilityError(
        "INVALID_PARAMS",
        "subscribe needs a function to call with each event.",
      );
    const subscriber = await this.#subscriptions.add(pattern, listener, this.#connect());
    this.#connection?.keep(true);
    return async () => {
      await this.#subscriptions.remove(subscriber, this.#connection).catch(() => undefined);
      this.#connection?.keep(this.#subscriptions.size > 0);
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#subscriptions.clear();
    this.#connection?.destroy();
  }

  /** A worker rejects calls beyond its limit, so further calls wait here. */
  async #waitForSlot(): Promise<void> {
    while ((this.#connection?.callsInFlight ?? 0) >= maxCallsInFlight)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #connect(): RpcConnection {
    if (this.#closed) throw notRunning();
    if (this.#connection !== null) return this.#connection;
    const connection = new RpcConnection(
      { path: this.#path, timeoutMs: this.#timeoutMs, clock: this.#clock },
      {
        onEvent: (subscription, event, delivery) =>
          this.#subscriptions.deliver(subscription, event, delivery),
        onClosed: () => this.#onClosed(connection),
      },
    );
    this.#connection = connection;
    if (this.#subscriptions.size > 0) void this.#renew(connection);
    return connection;
  }

  async #renew(connection: RpcConnection): Promise<void> {
    connection.keep(true);
    // Rejected or disconnected again: the next connection tries again.
    await this.#subscriptions.renew(connection).then(
      () => this.#backoff.reset(),
      () => connection.destroy(),
    );
  }

  #onClosed(connection: RpcConnection): void {
    if (this.#connection === connection) this.#connection = null;
    this.#subscriptions.forget();
    for (const wake of this.#waiting.splice(0)) wake();
    if (this.#closed || this.#subscriptions.size === 0) return;
    this.#cancelRetry?.();
    this.#cancelRetry = this.#clock.after(this.#backoff.next(), () => {
      if (!this.#closed) this.#connect();
    });
  }
}
