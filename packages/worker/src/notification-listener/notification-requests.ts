import { type Backoff, type Clock, createBackoff } from "@tasker-observability/core";
import type { SqlConnection } from "@tasker-observability/postgres";
import { requestNotificationSql, withdrawRequestSql } from "../queues/notify-trigger.js";
import { toArrayText } from "../queues/queue-triggers.js";

export interface NotificationRequestsOptions {
  /** Runs a statement on the connection that listens, one after the other. */
  readonly query: SqlConnection["query"];
  /** From now on, inserts into the queue notify; earlier ones did not. */
  readonly onRequested: (queueName: string) => void;
  /** The connection is no longer usable. */
  readonly onFailure: (error: unknown) => void;
  readonly clock: Clock;
}

/**
 * Requests notifications from senders while a worker waits. A transaction that notifies has a lock of the whole server
 * while it commits, so the senders of a busy queue would commit one after the other. Therefore, as network drivers do
 * with interrupts, the request is withdrawn after a notification until the queue has been polled again a moment later.
 */
export interface NotificationRequests {
  /** Requests notification of inserts into these queues. Rejects with the connection's error. */
  start(queueNames: readonly string[]): Promise<void>;
  /**
   * A notification has arrived: withdraws the request for the queue for a while.
   * @param source - the source of the notification; each source notifies once per statement.
   */
  recordNotification(queueName: string, source: string): void;
  /** Clears all timers; the requests end with the connection. */
  close(): void;
}

/**
 * For how many milliseconds the request for a queue is withdrawn after a notification, which is how long a message may
 * wait meanwhile. It grows whenever several transactions notified before the request was withdrawn.
 */
const pauseDelays = { firstMs: 20, maxMs: 160 };

interface Pause {
  readonly cancel: () => void;
  /** How often each source has notified since the last request. */
  readonly counts: Map<string, number>;
}

export function createNotificationRequests({
  query,
  onRequested,
  onFailure,
  clock,
}: NotificationRequestsOptions): NotificationRequests {
  const pauses = new Map<string, Pause>();
  const backoffOf = createBackoffOfQueue();
  let isClosed = false;

  function pause(queueName: string): Pause {
    const backoff = backoffOf(queueName);
    const cancel = clock.after(backoff.next(), () => {
      const isBusy = Math.max(0, ...(pauses.get(queueName)?.counts.values() ?? [])) > 1;
      if (!isBusy) backoff.reset();
      request([queueName]).catch(onFailure);
    });
    const begun = { cancel, counts: new Map<string, number>() };
    pauses.set(queueName, begun);
    return begun;
  }

  async function request(queueNames: readonly string[]): Promise<void> {
    const rows = await query({
      text: requestNotificationSql,
      values: [toArrayText(queueNames)],
    });
    if (isClosed) return;
    for (const { name, is_granted } of rows) {
      const queueName = String(name);
      pauses.delete(queueName);
      // A sender was checking for the request at this moment.
      if (is_granted !== true) {
        backoffOf(queueName).reset();
        pause(queueName);
      }
      onRequested(queueName);
    }
  }

  return Object.freeze({
    start: request,
    recordNotification(queueName: string, source: string) {
      if (isClosed) return;
      let current = pauses.get(queueName);
      if (current === undefined) {
        current = pause(queueName);
        query({ text: withdrawRequestSql, values: [toArrayText([queueName])] }).catch(onFailure);
      }
      current.counts.set(source, (current.counts.get(source) ?? 0) + 1);
    },
    close() {
      isClosed = true;
      for (const { cancel } of pauses.values()) cancel();
      pauses.clear();
    },
  });
}

/** One back-off for each queue. */
function createBackoffOfQueue(): (queueName: string) => Backoff {
  const ofQueue = new Map<string, Backoff>();
  return (queueName) => {
    const backoff = ofQueue.get(queueName) ?? createBackoff(pauseDelays);
    ofQueue.set(queueName, backoff);
    return backoff;
  };
}
