import type { Logger } from "@tasker-observability/core";
import type { PreparedNotification } from "./prepare-notifications.js";

const command = "tasker-worker notifications";

/** Logs which queues do not notify as they could, and what to do: a line for each kind. */
export function reportNotifications(
  notifications: readonly PreparedNotification[],
  mode: "auto" | "off",
  logger: Logger,
): void {
  const namesOf = (isOf: (queue: PreparedNotification) => boolean): string[] =>
    notifications.filter(isOf).map(({ queueName }) => queueName);
  const log = (level: "info" | "warn", message: string, queues: readonly string[]): void => {
    if (queues.length > 0) logger(level, message, { queues });
  };
  if (mode === "off") {
    const queues = namesOf(
      ({ taskerTrigger, pgmqTrigger }) => taskerTrigger === "enabled" || pgmqTrigger === "enabled",
    );
    log(
      "info",
      `worker.notifications is off, and inserts into these queues still notify: ${command} remove ends that`,
      queues,
    );
    return;
  }
  log(
    "info",
    "PGMQ's insert notification, which an earlier version had switched on, is replaced: senders no longer wait for each other",
    namesOf(({ isReplaced }) => isReplaced),
  );
  for (const { queueName, pgmqTrigger, failure } of notifications)
    if (failure !== null)
      logger(
        "warn",
        pgmqTrigger === "none"
          ? `inserts into a new queue could not be made to notify, and polling finds what others send: run ${command} install as the queue's owner`
          : `PGMQ's insert notification could not be replaced, and senders wait for each other: run ${command} install as the queue's owner`,
        { queue: queueName, error: failure.error },
      );
  log(
    "warn",
    `PGMQ's insert notification makes senders wait for each other: ${command} install replaces it`,
    namesOf(({ pgmqTrigger, failure }) => pgmqTrigger === "enabled" && failure === null),
  );
  log(
    "info",
    `inserts into these queues do not notify, and polling finds what others send: ${command} install changes that`,
    namesOf(
      ({ taskerTrigger, pgmqTrigger, failure }) =>
        taskerTrigger !== "enabled" && pgmqTrigger !== "enabled" && failure === null,
    ),
  );
}
