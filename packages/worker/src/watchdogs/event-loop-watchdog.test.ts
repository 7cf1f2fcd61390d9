import { describe, expect, it } from "vitest";
import { type Clock, createWorkerContext } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { createEventLoopWatchdog } from "./event-loop-watchdog.js";

/** A clock whose timers come late, as they do behind an event loop that is held up. */
function createTestWatchdog() {
  const clock = createFakeClock();
  let lateMs = 0;
  const lateClock: Clock = {
    ...clock,
    after: (delayMs, run) => clock.after(delayMs + lateMs, run),
  };
  const { liveness } = createWorkerContext({ clock });
  createEventLoopWatchdog({ liveness, clock: lateClock, ticks: 3 }).start();
  return { clock, liveness, setLateMs: (ms: number) => (lateMs = ms) };
}

describe("the event loop's watchdog", () => {
  it("is content with timers that are a little late, for ever", async () => {
    const { clock, liveness, setLateMs } = createTestWatchdog();
    setLateMs(900);
    await clock.advance(600_000);
    expect(liveness.verdict()).toBeNull();
  });

  it("forgives one long pause, and two", async () => {
    const { clock, liveness, setLateMs } = createTestWatchdog();
    setLateMs(60_000);
    await clock.advance(61_000 + 61_000);
    setLateMs(0);
    await clock.advance(61_000);
    expect(liveness.verdict()).toBeNull();
  });

  it("reports tick after tick that comes late, and takes it back at the first that does not", async () => {
    const { clock, liveness, setLateMs } = createTestWatchdog();
    setLateMs(1_500);
    await clock.advance(1_000 + 3 * 2_500);
    expect(liveness.verdict()).toBe("event_loop_stalled");
    setLateMs(0);
    await clock.advance(2_500 + 1_000);
    expect(liveness.verdict()).toBeNull();
  });
});
