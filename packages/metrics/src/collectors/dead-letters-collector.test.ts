import { expect, it } from "vitest";
import { collectOnce } from "../testing/collect-once.js";
import { queueStatistics } from "../testing/test-worker.js";
import { createDeadLettersCollector } from "./dead-letters-collector.js";

const unread = {
  state: "missing",
  depth: null,
  visible_depth: null,
  oldest_message_age_seconds: null,
  oldest_visible_age_seconds: null,
} as const;

it("reads their number and age, and 0 if there are none", async () => {
  const statistics = () =>
    Promise.resolve([
      queueStatistics({ depth: 3, oldest_message_age_seconds: 90 }),
      queueStatistics({ namespace: "billing", depth: 0, oldest_message_age_seconds: null }),
    ]);
  const collected = await collectOnce(createDeadLettersCollector({ deadLetters: { statistics } }));
  expect(collected).toEqual({
    complete: true,
    samples: {
      "tasker_worker_dead_letters{namespace=orders}": 3,
      "tasker_worker_dead_letters{namespace=billing}": 0,
      "tasker_worker_dead_letter_oldest_age_seconds{namespace=orders}": 90,
      "tasker_worker_dead_letter_oldest_age_seconds{namespace=billing}": 0,
    },
  });
});

it("has no samples of a queue that cannot be read, and is incomplete", async () => {
  const statistics = () =>
    Promise.resolve([queueStatistics({ ...unread }), queueStatistics({ namespace: "billing" })]);
  const { samples, complete } = await collectOnce(
    createDeadLettersCollector({ deadLetters: { statistics } }),
  );
  expect(complete).toBe(false);
  expect(Object.keys(samples).join()).not.toContain("orders");
  expect(Object.keys(samples)).toHaveLength(2);
});
