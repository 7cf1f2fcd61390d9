import type { Clock } from "@tasker-observability/core";

/** Tests whether notifications arrive: a connection may answer but receive none, as behind a transaction pooler. */
export interface NotificationProbe {
  /** The channel to listen on; each probe has its own. */
  readonly channel: string;
  /** Called when a notification arrived on it. */
  received(): void;
  /**
   * @param ping - runs a statement on the listening connection, in case no notification can be sent.
   * @returns whether a notification arrived, or could not be sent and the connection answers. Rejects if it does not.
   */
  run(ping: () => Promise<unknown>): Promise<boolean>;
}

export interface NotificationProbeOptions {
  /** Notifies a channel from another connection. */
  readonly notify: (channel: string) => Promise<void>;
  readonly clock: Clock;
}

/** Once sent, a notification takes no longer than an answer. */
const timeoutMs = 5_000;

export function createNotificationProbe({
  notify,
  clock,
}: NotificationProbeOptions): NotificationProbe {
  const channel = `tasker_listener_${crypto.randomUUID().replaceAll("-", "")}`;
  let received: () => void = () => undefined;
  return Object.freeze({
    channel,
    received: () => received(),
    async run(ping: () => Promise<unknown>) {
      let cancel: () => void = () => undefined;
      let end: (receives: boolean) => void = () => undefined;
      const verdict = new Promise<boolean>((resolve) => (end = resolve));
      received = () => end(true);
      try {
        await notify(channel);
        cancel = clock.after(timeoutMs, () => end(false));
      } catch {
        // A failure of the pool says nothing about the listener.
        end(true);
      }
      // Detects a dead connection sooner than silence would.
      await ping().catch((error: unknown) => {
        cancel();
        throw error;
      });
      const receives = await verdict;
      cancel();
      return receives;
    },
  });
}
