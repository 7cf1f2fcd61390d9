import { type Clock, createBackoff, type Logger } from "@tasker-observability/core";
import {
  type ConnectionTarget,
  createDirectConnection,
  type DirectConnection,
} from "./direct-connection.js";
import {
  channelOf,
  enqueuePayload,
  isReleasePayload,
  queueOfChannel,
} from "../queues/notify-trigger.js";
import { createNotificationProbe, type NotificationProbe } from "./notification-probe.js";
import { type NotifyingQueues, createTriggerProbe, type TriggerProbe } from "./trigger-probe.js";
import { createNotificationRequests, type NotificationRequests } from "./notification-requests.js";
import type { PollObserver } from "../claiming/poll-observer.js";
import type { Wakeup } from "../claiming/wakeup.js";
import type { StepQueues } from "../queues/step-queues.js";

export interface NotificationListenerOptions {
  readonly queueNames: readonly string[];
  /** Receives each queue with new messages; one notification may stand for many messages. */
  readonly wakeup: Pick<Wakeup, "notify" | "requestPeek">;
  /** Queries that run on another connection. */
  readonly queues: Pick<StepQueues, "notify" | "readTriggers" | "insertNoRows">;
  /** Maintained by the listener: empty unless its state is `connected`. @default a new map */
  readonly notifyingQueues?: NotifyingQueues | undefined;
  /** A payload to ignore: that of this worker's own notifications when it releases steps. @default none */
  readonly ownReleasePayload?: string | undefined;
  /** The setting of the URL on which to listen, for the warning. */
  readonly listenUrlSetting: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** `off`: never started. `not_receiving`: connected, but no notifications arrive, as behind a transaction pooler. */
export type NotificationListenerState = "off" | "connected" | "down" | "not_receiving";

/** Learns of new messages by LISTEN. The poller finds messages that it misses. */
export interface NotificationListener extends PollObserver {
  state(): NotificationListenerState;
  /** The queues whose inserts are not seen to notify: all of them unless the state is `connected`. */
  pollOnlyQueues(): readonly string[];
  /** Connects, and reconnects whenever the connection is lost. @param target - a direct connection's, not a transaction pooler's. */
  start(target: ConnectionTarget): void;
  /** Idempotent. Never rejects. */
  stop(): Promise<void>;
}

/** Milliseconds within which PGMQ's own trigger notifies once, by default. */
const pgmqThrottleMs = 250;

const reconnects = { firstMs: 250, maxMs: 10_000, jitter: 0.2 };
const retryReceivingMs = 60_000;
/** A dead connection, or one to a server that is no longer the primary, is noticed only when it is used. */
const keepaliveMs = 10_000;

export function createNotificationListener(
  options: NotificationListenerOptions,
): NotificationListener {
  return new Listener(options);
}

class Listener implements NotificationListener {
  readonly #options: NotificationListenerOptions;
  readonly #notificationProbe: NotificationProbe;
  readonly #triggerProbe: TriggerProbe;
  readonly #rechecks = new Map<string, () => void>();
  #requests: NotificationRequests | undefined;
  #connection: DirectConnection | undefined;
  #state: NotificationListenerState = "off";
  #target: ConnectionTarget = "";
  #isStopped = true;
  readonly #backoff = createBackoff(reconnects);
  #cancelTimer: () => void = () => undefined;

  constructor(options: NotificationListenerOptions) {
    this.#options = options;
    this.#notificationProbe = createNotificationProbe({
      clock: options.clock,
      notify: (channel) => options.queues.notify(channel),
    });
    this.#triggerProbe = createTriggerProbe(options);
  }

  state(): NotificationListenerState {
    return this.#state;
  }

  pollOnlyQueues(): readonly string[] {
    return this.#triggerProbe.pollOnlyQueues();
  }

  missedNotification(queueName: string): void {
    if (this.#state === "connected") this.#triggerProbe.missedNotification(queueName);
  }

  queueRecreated(queueName: string): void {
    if (this.#state === "connected") this.#triggerProbe.queueRecreated(queueName);
  }

  start(target: ConnectionTarget): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#target = target;
    this.#state = "down";
    void this.#connect();
  }

  async stop(): Promise<void> {
    if (this.#state === "off") return;
    this.#isStopped = true;
    for (const cancel of this.#rechecks.values()) cancel();
    this.#rechecks.clear();
    await this.#disconnect("down");
  }

  async #connect(): Promise<void> {
    const connection = createDirectConnection(this.#target, "tasker-listener", this.#options.clock);
    const { client } = connection;
    this.#connection = connection;
    const lose = (error: unknown): void => this.#onConnectionLost(connection, error);
    client.on("error", lose);
    client.on("end", () => lose(new Error("The connection ended.")));
    client.on("notification", ({ channel, payload }) => this.#onNotification(channel, payload));
    try {
      await client.connect();
      const { queueNames } = this.#options;
      const channels = [this.#notificationProbe.channel, ...queueNames.map(channelOf)];
      await connection.query({
        text: channels.map((channel) => `listen ${client.escapeIdentifier(channel)}`).join("; "),
      });
      await this.#becomeConnected(connection);
    } catch (error) {
      lose(error);
    }
  }

  async #becomeConnected(connection: DirectConnection): Promise<void> {
    const receives = await this.#receives(connection);
    if (this.#connection !== connection) return;
    if (!receives) {
      this.#reportNotReceiving();
      return;
    }
    // Not behind a transaction pooler, which would keep the request's lock on a connection that others use.
    await this.#requestNotification(connection);
    if (this.#connection !== connection) return;
    this.#state = "connected";
    this.#backoff.reset();
    this.#triggerProbe.start();
    const { clock } = this.#options;
    this.#cancelTimer = clock.after(keepaliveMs, () => void this.#keepAlive(connection));
  }

  #receives(connection: DirectConnection): Promise<boolean> {
    return this.#notificationProbe.run(() => connection.query({ text: "select 1" }));
  }

  /** Requests notifications, and has each queue claimed from, for messages that were sent before. */
  async #requestNotification(connection: DirectConnection): Promise<void> {
    const requests = createNotificationRequests({
      query: connection.query,
      // Twice, because earlier messages may be committed only now.
      onRequested: (queueName) => this.#notifyTwice(queueName),
      onFailure: (error) => this.#onConnectionLost(connection, error),
      clock: this.#options.clock,
    });
    this.#requests = requests;
    await requests.start(this.#options.queueNames);
  }

  async #keepAlive(connection: DirectConnection): Promise<void> {
    try {
      const receives = await this.#receives(connection);
      if (this.#connection !== connection) return;
      if (!receives) throw new Error("Notifications no longer arrive.");
      this.#cancelTimer = this.#options.clock.after(
        keepaliveMs,
        () => void this.#keepAlive(connection),
      );
    } catch (error) {
      this.#onConnectionLost(connection, error);
    }
  }

  #onNotification(channel: string, payload = ""): void {
    if (channel === this.#notificationProbe.channel) {
      this.#notificationProbe.received();
      return;
    }
    const queueName = queueOfChannel(channel);
    if (payload === this.#options.ownReleasePayload) return;
    const isRelease = isReleasePayload(payload);
    const isFromTrigger = payload !== enqueuePayload;
    // It learns when released steps are visible; a message may have come with the probe's own insert.
    if (isRelease || (isFromTrigger && this.#triggerProbe.recordNotification(queueName)))
      this.#options.wakeup.requestPeek(queueName);
    else {
      this.#requests?.recordNotification(queueName, payload);
      this.#notifyTwice(queueName);
    }
  }

  /** Notifies again a little later, for messages that PGMQ throttled or that came while no notification was requested. */
  #notifyTwice(queueName: string): void {
    this.#options.wakeup.notify(queueName);
    if (this.#rechecks.has(queueName)) return;
    this.#rechecks.set(
      queueName,
      this.#options.clock.after(pgmqThrottleMs, () => {
        this.#rechecks.delete(queueName);
        this.#options.wakeup.notify(queueName);
      }),
    );
  }

  #reportNotReceiving(): void {
    if (this.#isStopped) return;
    this.#options.logger(
      "warn",
      `notifications do not arrive on this connection, as behind a transaction pooler: set ${this.#options.listenUrlSetting}; until then, polling finds new steps`,
    );
    void this.#disconnect("not_receiving");
    this.#cancelTimer = this.#options.clock.after(retryReceivingMs, () => void this.#connect());
  }

  #onConnectionLost(connection: DirectConnection, error: unknown): void {
    if (this.#connection !== connection || this.#isStopped) return;
    const delayMs = this.#backoff.next();
    this.#options.logger(
      "warn",
      "the listener lost its connection: polling finds new steps until it is back",
      { retry_in_ms: delayMs, error },
    );
    // Not awaited: over a broken network closing takes a second.
    void this.#disconnect("down");
    this.#cancelTimer = this.#options.clock.after(delayMs, () => void this.#connect());
  }

  async #disconnect(state: "down" | "not_receiving"): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#state = state;
    this.#cancelTimer();
    this.#requests?.close();
    this.#triggerProbe.stop();
    await connection?.close();
  }
}
