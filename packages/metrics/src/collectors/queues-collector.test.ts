import type { QueueStatistics } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { collectOnce } from "../testing/collect-once.js";
import { queueStatistics } from "../testing/test-worker.js";
import { createQueuesCollector } from "./queues-collector.js";

const collect = (
  queues: readonly QueueStatistics[],
  limit?: number,
): ReturnType<typeof collectOnce> =>
  collectOnce(
    createQueuesCollector({ queues: { statistics: () => Promise.resolve(queues) } }),
    limit,
  );

const unreadable = {
  depth: null,
  visible_depth: null,
  oldest_message_age_seconds: null,
  oldest_visible_age_seconds: null,
};

describe("the queues collector", () => {
  it("reads depth, visible depth, both ages and whether the depth is an estimate", async () => {
    await expect(collect([queueStatistics({ depth_estimated: true })])).resolves.toEqual({
      complete: true,
      samples: {
        "tasker_worker_queue_depth{namespace=orders}": 12,
        "tasker_worker_queue_visible_depth{namespace=orders}": 5,
        "tasker_worker_queue_oldest_message_age_seconds{namespace=orders}": 40,
        "tasker_worker_queue_oldest_visible_age_seconds{namespace=orders}": 30,
        "tasker_worker_queue_depth_estimated{namespace=orders}": 1,
      },
    });
  });

  it("gives an empty queue the age 0", async () => {
    const { samples } = await collect([
      queueStatistics({ ...unreadable, depth: 0, visible_depth: 0 }),
    ]);
    expect(samples).toMatchObject({
      "tasker_worker_queue_depth{namespace=orders}": 0,
      "tasker_worker_queue_oldest_message_age_seconds{namespace=orders}": 0,
      "tasker_worker_queue_oldest_visible_age_seconds{namespace=orders}": 0,
    });
  });

  it.each(["missing", "forbidden", "failed", "timed_out"] as const)(
    "leaves a queue out that is %s, keeps the others, and does not call that complete",
    async (state) => {
      const { samples, complete } = await collect([
        queueStatistics({ ...unreadable, namespace: "gone", state }),
        queueStatistics(),
      ]);
      expect(complete).toBe(false);
      expect(Object.keys(samples)).toHaveLength(5);
      expect(Object.keys(samples).join()).not.toContain("gone");
    },
  );

  it("adds up depths and takes the oldest age where namespaces share a label", async () => {
    const queues = ["a", "b", "c"].map((namespace, index) =>
      queueStatistics({ namespace, depth: 10 + index, oldest_message_age_seconds: 100 - index }),
    );
    const { samples } = await collect(queues, 1);
    expect(samples).toMatchObject({
      "tasker_worker_queue_depth{namespace=a}": 10,
      "tasker_worker_queue_depth{namespace=__other__}": 23,
      "tasker_worker_queue_oldest_message_age_seconds{namespace=__other__}": 99,
    });
  });

  it("passes its signal to the port, and rejects with the port's error", async () => {
    const failing = createQueuesCollector({
      queues: { statistics: (signal) => Promise.reject(new Error(`aborted: ${signal.aborted}`)) },
    });
    await expect(collectOnce(failing)).rejects.toThrow("aborted: false");
  });
});
