import type { Clock, SqlConnection } from "@tasker-observability/core";
import { requestNotificationText, withdrawRequestText } from "../notifications/notify-trigger.js";
import { toArrayText } from "../notifications/queue-triggers.js";

export interface NotificationRequestsOptions {
  /** Runs a statement on the connection that listens, one after the other. */
  readonly ask: SqlConnection["query"];
  /** Inserts into the queue are notified of from now on: what came before was not. */
  readonly onResume: (queueName: string) => void;
  /** The connection is of no use any more. */
  readonly onFailure: (error: unknown) => void;
  readonly clock: Clock;
}

/**
 * Asks those who insert to notify, while there is somebody who waits. A transaction that notifies holds a lock of the whole
 * server while it commits, so that a queue under load would have its senders commit one after the other. Hence, as network
 * drivers do with interrupts: after a notification none is asked for until the queue has been looked at again a moment later.
 */
export interface NotificationRequests {
  /** Asks for notification of inserts into these queues. Rejects as the connection does. */
  start(queueNames: readonly string[]): Promise<void>;
  /** Takes the request for a queue back, for {@link requestPauseMs}. */
  pause(queueName: string): void;
  /** Ends all timers; the requests end with the connection. */
  close(): void;
}

/** Milliseconds for which a queue that has just notified is not asked to: the most that a message waits meanwhile. */
export const requestPauseMs = 20;

export function createNotificationRequests({
  ask,
  onResume,
  onFailure,
  clock,
}: NotificationRequestsOptions): NotificationRequests {
  const timers = new Map<string, () => void>();
  let isClosed = false;

  function resumeLater(queueName: string): void {
    if (isClosed) return;
    timers.set(
      queueName,
      clock.after(requestPauseMs, () => void request([queueName]).catch(onFailure)),
    );
  }

  async function request(queueNames: readonly string[]): Promise<void> {
    const rows = await ask({
      text: requestNotificationText,
      values: [toArrayText(queueNames)],
    });
    if (isClosed) return;
    for (const { name, is_held } of rows) {
      const queueName = String(name);
      timers.delete(queueName);
      // Somebody who inserts was looking for the request at this very moment.
      if (is_held !== true) resumeLater(queueName);
      onResume(queueName);
    }
  }

  return Object.freeze({
    start: request,
    pause(queueName: string) {
      if (isClosed || timers.has(queueName)) return;
      resumeLater(queueName);
      ask({ text: withdrawRequestText, values: [toArrayText([queueName])] }).catch(onFailure);
    },
    close() {
      isClosed = true;
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  });
}
