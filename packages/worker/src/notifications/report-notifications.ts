import type { Logger } from "@tasker-observability/core";
import type { QueueNotificationState } from "./prepare-notifications.js";

/** The setting of notifications, and its name. */
export interface NotificationsSetting {
  readonly mode: "auto" | "off";
  readonly setting: string;
}

const command = "tasker-worker notifications";

/** Logs which queues could notify but do not, and what to do: one line for each kind. */
export function reportNotifications(
  notifications: readonly QueueNotificationState[],
  { mode, setting }: NotificationsSetting,
  logger: Logger,
): void {
  const namesOf = (isOf: (queue: QueueNotificationState) => boolean): string[] =>
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
      `${setting} is off, but inserts into these queues still notify: run ${command} remove to stop that`,
      queues,
    );
    return;
  }
  log(
    "info",
    "replaced PGMQ's insert notification, which an earlier version had enabled: senders no longer wait for each other",
    namesOf(({ isReplaced }) => isReplaced),
  );
  for (const { queueName, pgmqTrigger, failure } of notifications)
    if (failure !== null)
      logger(
        "warn",
        pgmqTrigger === "none"
          ? `inserts into a new queue could not be made to notify, so polling finds its steps: run ${command} install as the queue's owner`
          : `PGMQ's insert notification could not be replaced, so senders wait for each other: run ${command} install as the queue's owner`,
        { queue: queueName, error: failure.error },
      );
  log(
    "warn",
    `PGMQ's insert notification makes senders wait for each other: run ${command} install to replace it`,
    namesOf(({ pgmqTrigger, failure }) => pgmqTrigger === "enabled" && failure === null),
  );
  log(
    "info",
    `inserts into these queues do not notify, so polling finds their steps: run ${command} install to change that`,
    namesOf(
      ({ taskerTrigger, pgmqTrigger, failure }) =>
        taskerTrigger !== "enabled" && pgmqTrigger !== "enabled" && failure === null,
    ),
  );
}
