import type { Clock } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createLoopLagThrottle } from "./loop-lag-throttle.js";

/** A throttle whose timers come late, as they do on a blocked event loop. */
function createTestThrottle(maxLagMs: number) {
  const clock = createFakeClock();
  let lateMs = 0;
  const lateClock: Clock = {
    ...clock,
    after: (delayMs, run) => clock.after(delayMs + lateMs, run),
  };
  const throttle = createLoopLagThrottle({ clock: lateClock, maxLagMs });
  throttle.start();
  return { clock, throttle, setLateMs: (ms: number) => (lateMs = ms) };
}

describe("the loop-lag throttle", () => {
  it("asks for no delay while timers are on time, or late within its limit", async () => {
    const { clock, throttle, setLateMs } = createTestThrottle(50);
    await clock.advance(10_000);
    expect(throttle.delayMs()).toBe(0);
    setLateMs(50);
    await clock.advance(10_000);
    expect(throttle.delayMs()).toBe(0);
  });

  it("asks once for a delay as long as the worst lag since the last call", async () => {
    const { clock, throttle, setLateMs } = createTestThrottle(50);
    setLateMs(300);
    await clock.advance(20);
    await clock.advance(320);
    setLateMs(0);
    await clock.advance(1_000);
    expect([throttle.delayMs(), throttle.delayMs()]).toEqual([300, 0]);
  });

  it("asks for a second at most, however late a timer is", async () => {
    const { clock, throttle, setLateMs } = createTestThrottle(50);
    setLateMs(30_000);
    await clock.advance(60_000);
    expect(throttle.delayMs()).toBe(1_000);
  });

  it("misses no lag when it is asked more often than it ticks", async () => {
    const { clock, throttle, setLateMs } = createTestThrottle(50);
    setLateMs(300);
    await clock.advance(20);
    let delaysMs = 0;
    for (let asked = 0; asked < 4; asked += 1) {
      await clock.advance(80);
      delaysMs += throttle.delayMs();
    }
    expect(delaysMs).toBe(300);
  });

  it("leaves no timer behind when it is closed", async () => {
    const { clock, throttle } = createTestThrottle(50);
    throttle.close();
    throttle.close();
    expect(clock.pendingTimers()).toBe(0);
  });
});
