import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { createQueueScheduler } from "./queue-scheduler.js";
import { queuesOf } from "../queues/step-queues.js";

const [orders, payments] = [queuesOf("orders"), queuesOf("payments")];

function createTestTurns() {
  const clock = createFakeClock();
  const scheduler = createQueueScheduler({
    queues: [orders, payments],
    pollingIntervalMs: 1_000,
    clock,
  });
  const look = (queue = orders, mayHaveMore = false): void => {
    scheduler.beginPoll(queue);
    scheduler.polled(queue, mayHaveMore);
  };
  return { clock, scheduler, look };
}

describe("the scheduler of queues", () => {
  it("make every queue due at first, and each again a polling interval after it was looked at", async () => {
    const { clock, scheduler, look } = createTestTurns();
    expect(scheduler.due()).toEqual([orders, payments]);
    look(orders);
    await clock.advance(400);
    look(payments);
    expect(scheduler.due()).toEqual([]);
    expect(scheduler.untilDueMs()).toBe(600);
    await clock.advance(600);
    expect(scheduler.due()).toEqual([orders]);
  });

  it("make a queue due at once where something was heard of it, or its last look came back full", () => {
    const { scheduler, look } = createTestTurns();
    look(orders, true);
    look(payments);
    expect(scheduler.due()).toEqual([orders]);
    look(orders);
    scheduler.markReady("payments_queue");
    scheduler.markReady("a_queue_of_somebody_else");
    expect(scheduler.due()).toEqual([payments]);
    expect(scheduler.untilDueMs()).toBe(0);
  });

  it("put the queue first that has waited longest, so that a deep one starves nobody", async () => {
    const { clock, scheduler, look } = createTestTurns();
    look(payments);
    await clock.advance(1);
    for (let round = 0; round < 3; round += 1) look(orders, true);
    await clock.advance(1_000);
    expect(scheduler.due()).toEqual([payments, orders]);
  });

  it("keep what is heard while a look is under way", () => {
    const { scheduler } = createTestTurns();
    scheduler.beginPoll(orders);
    scheduler.markReady("orders_queue");
    scheduler.polled(orders, false);
    expect(scheduler.due()).toContain(orders);
  });

  it("let a queue that fails rest, longer each time up to five seconds, whatever is heard of it", async () => {
    const { clock, scheduler, look } = createTestTurns();
    const rests: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      rests.push(scheduler.failed(orders));
      scheduler.markReady("orders_queue");
      expect(scheduler.due()).not.toContain(orders);
      await clock.advance(rests.at(-1)!);
      expect(scheduler.due()).toContain(orders);
    }
    expect(rests).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    look(orders);
    expect(scheduler.failed(orders)).toBe(100);
  });

  it("without any queue are never due", () => {
    const scheduler = createQueueScheduler({
      queues: [],
      pollingIntervalMs: 1_000,
      clock: createFakeClock(),
    });
    expect(scheduler.due()).toEqual([]);
    expect(scheduler.untilDueMs()).toBe(Number.POSITIVE_INFINITY);
  });
});
