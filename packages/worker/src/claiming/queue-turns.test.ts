import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { createQueueTurns } from "./queue-turns.js";
import { queuesOf } from "../queues/step-queues.js";

const [orders, payments] = [queuesOf("orders"), queuesOf("payments")];

function createTestTurns() {
  const clock = createFakeClock();
  const turns = createQueueTurns({ queues: [orders, payments], pollingIntervalMs: 1_000, clock });
  const look = (queue = orders, mayHaveMore = false): void => {
    turns.beginLook(queue);
    turns.looked(queue, mayHaveMore);
  };
  return { clock, turns, look };
}

describe("the turns of queues", () => {
  it("make every queue due at first, and each again a polling interval after it was looked at", async () => {
    const { clock, turns, look } = createTestTurns();
    expect(turns.due()).toEqual([orders, payments]);
    look(orders);
    await clock.advance(400);
    look(payments);
    expect(turns.due()).toEqual([]);
    expect(turns.untilDueMs()).toBe(600);
    await clock.advance(600);
    expect(turns.due()).toEqual([orders]);
  });

  it("make a queue due at once where something was heard of it, or its last look came back full", () => {
    const { turns, look } = createTestTurns();
    look(orders, true);
    look(payments);
    expect(turns.due()).toEqual([orders]);
    look(orders);
    turns.stir("payments_queue");
    turns.stir("a_queue_of_somebody_else");
    expect(turns.due()).toEqual([payments]);
    expect(turns.untilDueMs()).toBe(0);
  });

  it("put the queue first that has waited longest, so that a deep one starves nobody", async () => {
    const { clock, turns, look } = createTestTurns();
    look(payments);
    await clock.advance(1);
    for (let round = 0; round < 3; round += 1) look(orders, true);
    await clock.advance(1_000);
    expect(turns.due()).toEqual([payments, orders]);
  });

  it("keep what is heard while a look is under way", () => {
    const { turns } = createTestTurns();
    turns.beginLook(orders);
    turns.stir("orders_queue");
    turns.looked(orders, false);
    expect(turns.due()).toContain(orders);
  });

  it("let a queue that fails rest, longer each time up to five seconds, whatever is heard of it", async () => {
    const { clock, turns, look } = createTestTurns();
    const rests: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      rests.push(turns.failed(orders));
      turns.stir("orders_queue");
      expect(turns.due()).not.toContain(orders);
      await clock.advance(rests.at(-1)!);
      expect(turns.due()).toContain(orders);
    }
    expect(rests).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    look(orders);
    expect(turns.failed(orders)).toBe(100);
  });

  it("without any queue are never due", () => {
    const turns = createQueueTurns({
      queues: [],
      pollingIntervalMs: 1_000,
      clock: createFakeClock(),
    });
    expect(turns.due()).toEqual([]);
    expect(turns.untilDueMs()).toBe(Number.POSITIVE_INFINITY);
  });
});
