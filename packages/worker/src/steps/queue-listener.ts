import type { Clock, Logger } from "@tasker-observability/core";
import { createDirectConnection, type DirectConnection } from "./direct-connection.js";
import { createEarTest, type EarTest } from "./ear-test.js";

export interface QueueListenerOptions {
  /** Where to listen: a direct connection, not a transaction pooler. */
  readonly connectionString: string;
  readonly queueNames: readonly string[];
  /** A message was put on this queue. One notification may stand for many messages. */
  readonly onInsert: (queueName: string) => void;
  /** Notifies a channel from another connection. */
  readonly notify: (channel: string) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Hears of new messages by LISTEN; what it misses, the poller finds. */
export interface QueueListener {
  /** `deaf`: connected, and notifications do not arrive, as behind a transaction pooler. */
  state(): "connected" | "down" | "deaf";
  /** Connects, and goes on connecting whenever the connection is lost. */
  start(): void;
  /** May be called twice. Never rejects. */
  stop(): Promise<void>;
}

/** Milliseconds within which PGMQ notifies once; halving the rate of sending is what notifying every time would cost. */
export const NOTIFY_THROTTLE_MS = 250;

const reconnectMs = { first: 250, most: 10_000, whenDeaf: 60_000 };
/** A connection that leads nowhere any more, or to a server that is no longer the primary, shows only when it is tried. */
const keepaliveMs = 10_000;

export function createQueueListener(options: QueueListenerOptions): QueueListener {
  return new Listener(options);
}

class Listener implements QueueListener {
  readonly #options: QueueListenerOptions;
  readonly #earTest: EarTest;
  readonly #echoes = new Map<string, () => void>();
  #connection: DirectConnection | undefined;
  #state: "connected" | "down" | "deaf" = "down";
  #isStopped = true;
  #delayMs = reconnectMs.first;
  #cancelTimer: () => void = () => undefined;

  constructor(options: QueueListenerOptions) {
    this.#options = options;
    this.#earTest = createEarTest(options);
  }

  state(): "connected" | "down" | "deaf" {
    return this.#state;
  }

  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    void this.#connect();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const cancel of this.#echoes.values()) cancel();
    this.#echoes.clear();
    await this.#drop("down");
  }

  async #connect(): Promise<void> {
    const connection = createDirectConnection(this.#options.connectionString, "tasker-listener");
    const { client } = connection;
    this.#connection = connection;
    const lose = (error: unknown): void => this.#lose(connection, error);
    client.on("error", lose);
    client.on("end", () => lose(new Error("The connection ended.")));
    client.on("notification", ({ channel }) => this.#hear(channel));
    try {
      await client.connect();
      const channels = [this.#earTest.channel, ...this.#options.queueNames.map(channelOf)];
      await client.query(
        channels.map((channel) => `listen ${client.escapeIdentifier(channel)}`).join("; "),
      );
      await this.#becomeConnected(connection);
    } catch (error) {
      lose(error);
    }
  }

  async #becomeConnected(connection: DirectConnection): Promise<void> {
    const hears = await this.#earTest.run(() => connection.client.query("select 1"));
    if (this.#connection !== connection) return;
    if (!hears) {
      this.#goDeaf();
      return;
    }
    this.#state = "connected";
    this.#delayMs = reconnectMs.first;
    // What was inserted while nobody listened was not heard.
    for (const name of this.#options.queueNames) this.#lookTwice(name);
    this.#cancelTimer = this.#options.clock.after(
      keepaliveMs,
      () => void this.#keepAlive(connection),
    );
  }

  async #keepAlive(connection: DirectConnection): Promise<void> {
    try {
      const hears = await this.#earTest.run(() => connection.client.query("select 1"));
      if (this.#connection !== connection) return;
      if (!hears) throw new Error("Notifications no longer arrive.");
      this.#cancelTimer = this.#options.clock.after(
        keepaliveMs,
        () => void this.#keepAlive(connection),
      );
    } catch (error) {
      this.#lose(connection, error);
    }
  }

  #hear(channel: string): void {
    if (channel === this.#earTest.channel) {
      this.#earTest.heard();
      return;
    }
    this.#lookTwice(queueOfChannel(channel));
  }

  /** The first of a burst is heard and the rest is throttled away: there is something to see again when the throttle is over. */
  #lookTwice(queueName: string): void {
    this.#options.onInsert(queueName);
    if (this.#echoes.has(queueName)) return;
    this.#echoes.set(
      queueName,
      this.#options.clock.after(NOTIFY_THROTTLE_MS, () => {
        this.#echoes.delete(queueName);
        this.#options.onInsert(queueName);
      }),
    );
  }

  #goDeaf(): void {
    if (this.#isStopped) return;
    this.#options.logger(
      "warn",
      "notifications do not arrive here, as behind a transaction pooler: set common.database.listen_url; the poller finds new steps",
      {},
    );
    void this.#drop("deaf");
    this.#cancelTimer = this.#options.clock.after(reconnectMs.whenDeaf, () => void this.#connect());
  }

  #lose(connection: DirectConnection, error: unknown): void {
    if (this.#connection !== connection || this.#isStopped) return;
    this.#options.logger("warn", "the listener lost its connection; the poller carries on", {
      retry_in_ms: this.#delayMs,
      error,
    });
    // Without waiting for the farewell: over a broken network it takes its time.
    void this.#drop("down");
    this.#cancelTimer = this.#options.clock.after(this.#delayMs, () => void this.#connect());
    this.#delayMs = Math.min(this.#delayMs * 2, reconnectMs.most);
  }

  async #drop(state: "down" | "deaf"): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#state = state;
    this.#cancelTimer();
    await connection?.close();
  }
}

/** PGMQ's channel of a queue: it folds table names to lower case. */
function channelOf(queueName: string): string {
  return `pgmq.q_${queueName.toLowerCase()}.INSERT`;
}

function queueOfChannel(channel: string): string {
  return channel.slice("pgmq.q_".length, -".INSERT".length);
}
