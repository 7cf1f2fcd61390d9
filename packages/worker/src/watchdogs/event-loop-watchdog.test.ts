import { describe, expect, it, vi } from "vitest";
import { type Clock, createWorkerContext, type Logger } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { createEventLoopWatchdog } from "./event-loop-watchdog.js";

/** A clock whose timers come late, as they do on a blocked event loop. */
function createTestWatchdog() {
  const clock = createFakeClock();
  let lateMs = 0;
  const lateClock: Clock = {
    ...clock,
    after: (delayMs, run) => clock.after(delayMs + lateMs, run),
  };
  const { liveness } = createWorkerContext({ clock });
  const logger = vi.fn<Logger>();
  const watchdog = createEventLoopWatchdog({ liveness, clock: lateClock, logger, ticks: 3 });
  watchdog.start();
  return { clock, liveness, logger, watchdog, setLateMs: (ms: number) => (lateMs = ms) };
}

describe("the event loop's watchdog", () => {
  it("accepts timers that are a little late, forever", async () => {
    const { clock, liveness, setLateMs } = createTestWatchdog();
    setLateMs(900);
    await clock.advance(600_000);
    expect(liveness.deadReason()).toBeNull();
  });

  it("forgives one long pause, and two", async () => {
    const { clock, liveness, setLateMs } = createTestWatchdog();
    setLateMs(60_000);
    await clock.advance(61_000 + 61_000);
    setLateMs(0);
    await clock.advance(61_000);
    expect(liveness.deadReason()).toBeNull();
  });

  it("reports a series of late ticks, and withdraws the report at the first timely one", async () => {
    const { clock, liveness, setLateMs } = createTestWatchdog();
    setLateMs(1_500);
    await clock.advance(1_000 + 3 * 2_500);
    expect(liveness.deadReason()).toBe("event_loop_stalled");
    setLateMs(0);
    await clock.advance(2_500 + 1_000);
    expect(liveness.deadReason()).toBeNull();
  });

  const blocked = (blocked_ms: number, times: number): unknown[] => [
    "warn",
    expect.stringMatching(/^the event loop was blocked/),
    { blocked_ms, times },
  ];

  it("logs after a block how long it was", async () => {
    const { clock, logger, setLateMs } = createTestWatchdog();
    await clock.advance(600_000);
    expect(logger).not.toHaveBeenCalled();
    setLateMs(40_000);
    await clock.advance(1_000 + 41_000);
    expect(logger.mock.calls).toEqual([blocked(40_000, 1)]);
  });

  it("logs the longest block and the number of blocks at most once a minute, and loses none", async () => {
    const { clock, logger, setLateMs } = createTestWatchdog();
    setLateMs(1_500);
    await clock.advance(1_000 + 2_500);
    setLateMs(5_000);
    await clock.advance(2_500 + 6_000);
    setLateMs(0);
    await clock.advance(20_000);
    expect(logger.mock.calls).toEqual([blocked(1_500, 1)]);
    await clock.advance(60_000);
    expect(logger.mock.calls).toEqual([blocked(1_500, 1), blocked(5_000, 3)]);
    await clock.advance(600_000);
    expect(logger).toHaveBeenCalledTimes(2);
  });

  it("logs a block that ends with the stop, once", async () => {
    const { clock, logger, watchdog, setLateMs } = createTestWatchdog();
    setLateMs(60_000);
    await clock.advance(1_000);
    await clock.advance(30_000);
    watchdog.stop();
    watchdog.stop();
    expect(logger.mock.calls).toEqual([blocked(29_000, 1)]);
  });
});
