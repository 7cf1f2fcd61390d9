import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { createQueueScheduler } from "./queue-scheduler.js";
import { queuesOf } from "../queues/step-queues.js";

const [orders, payments] = [queuesOf("orders"), queuesOf("payments")];

function createTestScheduler(random = () => 0.5) {
  const clock = createFakeClock();
  const scheduler = createQueueScheduler({
    queues: [orders, payments],
    pollingIntervalMs: 1_000,
    clock,
    random,
  });
  const poll = (queue = orders, mayHaveMore = false): void => {
    scheduler.beginClaim(queue);
    scheduler.recordClaim(queue, mayHaveMore);
  };
  return { clock, scheduler, poll };
}

describe("the queue scheduler", () => {
  it("makes every queue due at first, and each again a polling interval after it was polled", async () => {
    const { clock, scheduler, poll } = createTestScheduler();
    expect(scheduler.due()).toEqual([orders, payments]);
    poll(orders);
    await clock.advance(400);
    poll(payments);
    expect(scheduler.due()).toEqual([]);
    expect(scheduler.untilDueMs()).toBe(600);
    await clock.advance(600);
    expect(scheduler.due()).toEqual([orders]);
  });

  it("makes a queue due at once when a claim is requested, or its last claim came back full", () => {
    const { scheduler, poll } = createTestScheduler();
    poll(orders, true);
    poll(payments);
    expect(scheduler.due()).toEqual([orders]);
    poll(orders);
    scheduler.requestClaim("payments_queue");
    scheduler.requestClaim("a_queue_of_somebody_else");
    expect(scheduler.due()).toEqual([payments]);
    expect(scheduler.untilDueMs()).toBe(0);
  });

  it("puts the queue first that has waited longest, so that a deep queue starves no other", async () => {
    const { clock, scheduler, poll } = createTestScheduler();
    poll(payments);
    await clock.advance(1);
    for (let round = 0; round < 3; round += 1) poll(orders, true);
    await clock.advance(1_000);
    expect(scheduler.due()).toEqual([payments, orders]);
  });

  it("claims again from a queue for which a claim is requested during its claim", () => {
    const { scheduler } = createTestScheduler();
    scheduler.beginClaim(orders);
    scheduler.requestClaim("orders_queue");
    scheduler.recordClaim(orders, false);
    expect(scheduler.due()).toContain(orders);
  });

  it("backs off from a queue that fails, up to five seconds, even when a claim is requested", async () => {
    const { clock, scheduler, poll } = createTestScheduler();
    const delays: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      delays.push(scheduler.recordFailedClaim(orders));
      scheduler.requestClaim("orders_queue");
      expect(scheduler.due()).not.toContain(orders);
      await clock.advance(delays.at(-1)!);
      expect(scheduler.due()).toContain(orders);
    }
    expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    poll(orders);
    expect(scheduler.recordFailedClaim(orders)).toBe(100);
  });

  it("without queues is never due", () => {
    const scheduler = createQueueScheduler({
      queues: [],
      pollingIntervalMs: 1_000,
      clock: createFakeClock(),
    });
    expect(scheduler.due()).toEqual([]);
    expect(scheduler.untilDueMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    [0, 750],
    [0.5, 1_000],
    [1, 1_250],
  ])(
    "polls earlier or later by chance, so that workers do not poll in step: %d",
    (chance, expected) => {
      const { scheduler, poll } = createTestScheduler(() => chance);
      poll(orders);
      poll(payments);
      expect(scheduler.untilDueMs()).toBe(expected);
    },
  );
});
