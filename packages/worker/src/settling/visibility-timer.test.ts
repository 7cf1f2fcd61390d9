import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { createVisibilityTimer } from "./visibility-timer.js";

function createTestTimer() {
  const clock = createFakeClock();
  const due: [string | undefined, number][] = [];
  const timer = createVisibilityTimer({
    clock,
    wakeup: { notify: (queueName) => due.push([queueName, clock.monotonicMs()]) },
  });
  return { clock, timer, due };
}

describe("the retry timer", () => {
  it("notifies when the message is visible, at most a tenth of a second later", async () => {
    const { clock, timer, due } = createTestTimer();
    timer.schedule("payments_queue", 250);
    await clock.advance(249);
    expect(due).toEqual([]);
    await clock.advance(1_000);
    expect(due).toEqual([["payments_queue", 300]]);
  });

  it("notifies once for retries of one queue that are due together", async () => {
    const { clock, timer, due } = createTestTimer();
    for (let delayMs = 201; delayMs <= 300; delayMs += 1) timer.schedule("payments_queue", delayMs);
    timer.schedule("orders_queue", 250);
    expect(clock.pendingTimers()).toBe(2);
    await clock.advance(1_000);
    expect(due).toEqual([
      ["payments_queue", 300],
      ["orders_queue", 300],
    ]);
  });

  it("notifies again for a later retry", async () => {
    const { clock, timer, due } = createTestTimer();
    timer.schedule("payments_queue", 100);
    await clock.advance(100);
    timer.schedule("payments_queue", 100);
    await clock.advance(100);
    expect(due.map(([, atMs]) => atMs)).toEqual([100, 200]);
  });

  it("sets no timer beyond the longest that Node has", async () => {
    const { clock, timer, due } = createTestTimer();
    timer.schedule("payments_queue", 365 * 24 * 3_600_000);
    await clock.advance(2 ** 31 - 1);
    expect(due).toHaveLength(1);
  });

  it("leaves no timer behind when it is closed", () => {
    const { clock, timer } = createTestTimer();
    timer.schedule("payments_queue", 100);
    timer.close();
    expect(clock.pendingTimers()).toBe(0);
  });
});
