import type { QueueStatistics } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { type BacklogThresholds, createQueueProcessingCheck } from "./queue-processing-check.js";

const never = new AbortController().signal;

function readable(depth: number, oldestVisibleAgeSeconds: number | null = null): QueueStatistics {
  return {
    namespace: "orders",
    queue_name: "orders_queue",
    state: "readable",
    depth,
    visible_depth: depth,
    oldest_message_age_seconds: 900,
    oldest_visible_age_seconds: oldestVisibleAgeSeconds,
    depth_estimated: false,
  };
}

function unread(state: QueueStatistics["state"]): QueueStatistics {
  return {
    ...readable(0),
    state,
    depth: null,
    visible_depth: null,
    oldest_message_age_seconds: null,
  };
}

async function resultOf(
  queues: readonly QueueStatistics[],
  thresholds: BacklogThresholds = {},
): Promise<unknown> {
  return createQueueProcessingCheck({
    queues: { statistics: async () => queues },
    ...thresholds,
  }).run(never, { abandoned: never });
}

describe("the queue processing check", () => {
  it("is healthy while the queues are short and young, and if there are none", async () => {
    expect(await resultOf([readable(9_999, 299), readable(2)])).toEqual({
      status: "healthy",
      message: "total depth 10001 over 2 queues",
    });
    expect(await resultOf([])).toEqual({
      status: "healthy",
      message: "total depth 0 over 0 queues",
    });
  });

  it("ignores old messages that are not visible", async () => {
    expect(await resultOf([readable(1, null)])).toEqual({
      status: "healthy",
      message: "total depth 1 over 1 queue",
    });
  });

  it("is degraded from 10000 messages in one queue", async () => {
    expect(await resultOf([readable(10_000), readable(3)])).toEqual({
      status: "degraded",
      message: "1 of 2 queues at 10000 messages or more: orders_queue (10000)",
    });
  });

  it("is degraded when a visible message has waited for 300 s", async () => {
    expect(await resultOf([readable(1, 300)])).toEqual({
      status: "degraded",
      message: "1 of 1 queues with messages waiting for 300 s or longer: orders_queue (300 s)",
    });
  });

  it("says that estimated depths are approximate, and names the first five of many queues", async () => {
    expect(await resultOf([{ ...readable(40), depth_estimated: true }])).toMatchObject({
      message: "total depth about 40 over 1 queue",
    });
    const many = Array.from({ length: 7 }, (_, index) => ({
      ...readable(10_000),
      queue_name: `q${index}`,
    }));
    expect(await resultOf(many)).toMatchObject({
      message:
        "7 of 7 queues at 10000 messages or more: q0 (10000), q1 (10000), q2 (10000), q3 (10000), q4 (10000) and 2 more",
    });
  });

  it("is never more than degraded for a backlog, however large", async () => {
    expect(await resultOf([readable(50_000_000, 864_000)])).toMatchObject({ status: "degraded" });
  });

  it("is degraded when some queues cannot be read, and says why", async () => {
    expect(
      await resultOf([readable(1), unread("missing"), unread("forbidden"), unread("missing")]),
    ).toEqual({
      status: "degraded",
      message:
        "3 of 4 queues unreadable (forbidden, missing): orders_queue, orders_queue, orders_queue",
    });
  });

  it.each(["missing", "forbidden", "failed"] as const)(
    "is unhealthy when every queue is %s",
    async (state) => {
      expect(await resultOf([unread(state), unread(state)])).toEqual({
        status: "unhealthy",
        message: `2 of 2 queues unreadable (${state}): orders_queue, orders_queue`,
      });
    },
  );

  it("is at most degraded when the only queue was not read in time", async () => {
    expect(await resultOf([unread("timed_out")])).toEqual({
      status: "degraded",
      message: "1 of 1 queues unreadable (timed_out): orders_queue",
    });
    expect(await resultOf([unread("missing"), unread("timed_out")])).toEqual({
      status: "degraded",
      message: "2 of 2 queues unreadable (missing, timed_out): orders_queue, orders_queue",
    });
  });

  it("lists everything that is wrong", async () => {
    expect(await resultOf([readable(20_000, 400), unread("failed")])).toEqual({
      status: "degraded",
      message:
        "1 of 2 queues unreadable (failed): orders_queue; 1 of 2 queues at 10000 messages or more: orders_queue (20000); 1 of 2 queues with messages waiting for 300 s or longer: orders_queue (400 s)",
    });
  });

  it("uses the given thresholds", async () => {
    expect(
      await resultOf([readable(5, 2)], { overflowThreshold: 5, maxAgeSeconds: 3 }),
    ).toMatchObject({ message: "1 of 1 queues at 5 messages or more: orders_queue (5)" });
    expect(
      await resultOf([readable(5, 2)], { overflowThreshold: 6, maxAgeSeconds: 2 }),
    ).toMatchObject({
      message: "1 of 1 queues with messages waiting for 2 s or longer: orders_queue (2 s)",
    });
  });
});
