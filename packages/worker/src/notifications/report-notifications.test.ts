import { expect, it } from "vitest";
import { reportNotifications } from "./report-notifications.js";

it("a queue that still notifies is reported by the name that the worker's caller gave the setting", () => {
  const queue = {
    queueName: "orders_queue",
    exists: true,
    taskerTrigger: "enabled",
    pgmqTrigger: "none",
    mayInsert: true,
    throttleMs: null,
    isThrottleKnown: true,
    isReplaced: false,
    failure: null,
  } as const;
  const messages: string[] = [];
  reportNotifications([queue], { mode: "off", setting: "notifications" }, (_level, message) =>
    messages.push(message),
  );
  expect(messages).toEqual([
    "notifications is off, but inserts into these queues still notify: run tasker-worker notifications remove to stop that",
  ]);
});
