import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { createRetryAlarm } from "./retry-alarm.js";

function createTestAlarm() {
  const clock = createFakeClock();
  const rung: [string, number][] = [];
  const alarm = createRetryAlarm({
    clock,
    ring: (queueName) => rung.push([queueName, clock.monotonicMs()]),
  });
  return { clock, alarm, rung };
}

describe("the retry alarm", () => {
  it("rings when the message has become visible, and at most a tenth of a second later", async () => {
    const { clock, alarm, rung } = createTestAlarm();
    alarm.expect("payments_queue", 250);
    await clock.advance(249);
    expect(rung).toEqual([]);
    await clock.advance(1_000);
    expect(rung).toEqual([["payments_queue", 300]]);
  });

  it("rings once for retries of one queue that fall due together", async () => {
    const { clock, alarm, rung } = createTestAlarm();
    for (let delayMs = 201; delayMs <= 300; delayMs += 1) alarm.expect("payments_queue", delayMs);
    alarm.expect("orders_queue", 250);
    expect(clock.pendingTimers()).toBe(2);
    await clock.advance(1_000);
    expect(rung).toEqual([
      ["payments_queue", 300],
      ["orders_queue", 300],
    ]);
  });

  it("rings again for a retry that comes later", async () => {
    const { clock, alarm, rung } = createTestAlarm();
    alarm.expect("payments_queue", 100);
    await clock.advance(100);
    alarm.expect("payments_queue", 100);
    await clock.advance(100);
    expect(rung.map(([, atMs]) => atMs)).toEqual([100, 200]);
  });

  it("asks no timer for more than Node's can do", async () => {
    const { clock, alarm, rung } = createTestAlarm();
    alarm.expect("payments_queue", 365 * 24 * 3_600_000);
    await clock.advance(2 ** 31 - 1);
    expect(rung).toHaveLength(1);
  });

  it("leaves no timer behind when it is closed", () => {
    const { clock, alarm } = createTestAlarm();
    alarm.expect("payments_queue", 100);
    alarm.close();
    expect(clock.pendingTimers()).toBe(0);
  });
});
