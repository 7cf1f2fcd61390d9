import type { Clock } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createLoopLagThrottle } from "./loop-lag-throttle.js";

/** A throttle whose timers come late, as they do behind an event loop that is held up. */
function createTestThrottle(maxLagMs: number) {
  const clock = createFakeClock();
  let lateMs = 0;
  const lateClock: Clock = {
    ...clock,
    after: (delayMs, run) => clock.after(delayMs + lateMs, run),
  };
  const throttle = createLoopLagThrottle({ clock: lateClock, maxLagMs });
  return { clock, throttle, setLateMs: (ms: number) => (lateMs = ms) };
}

describe("the loop-lag throttle", () => {
  it("asks for no rest while timers come in time, or no later than its limit", async () => {
    const { clock, throttle, setLateMs } = createTestThrottle(50);
    await clock.advance(10_000);
    expect(throttle.restMs()).toBe(0);
    setLateMs(50);
    await clock.advance(10_000);
    expect(throttle.restMs()).toBe(0);
  });

  it("asks once for a rest as long as the worst of what came late since it was last asked", async () => {
    const { clock, throttle, setLateMs } = createTestThrottle(50);
    setLateMs(300);
    await clock.advance(20);
    await clock.advance(320);
    setLateMs(0);
    await clock.advance(1_000);
    expect([throttle.restMs(), throttle.restMs()]).toEqual([300, 0]);
  });

  it("asks for a second at most, however late a timer was", async () => {
    const { clock, throttle, setLateMs } = createTestThrottle(50);
    setLateMs(30_000);
    await clock.advance(60_000);
    expect(throttle.restMs()).toBe(1_000);
  });

  it("misses nothing though it is asked more often than its timer comes", async () => {
    const { clock, throttle, setLateMs } = createTestThrottle(50);
    setLateMs(300);
    await clock.advance(20);
    let restsMs = 0;
    for (let asked = 0; asked < 4; asked += 1) {
      await clock.advance(80);
      restsMs += throttle.restMs();
    }
    expect(restsMs).toBe(300);
  });

  it("leaves no timer behind", async () => {
    const { clock, throttle } = createTestThrottle(50);
    throttle.close();
    throttle.close();
    expect(clock.pendingTimers()).toBe(0);
  });
});
