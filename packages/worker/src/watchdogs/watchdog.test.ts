import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { createWatchdog } from "./watchdog.js";

describe("a watchdog", () => {
  it("checks at an interval once it is started, and starts once", async () => {
    const clock = createFakeClock();
    const atMs: number[] = [];
    const watchdog = createWatchdog({
      clock,
      everyMs: 1_000,
      check: () => void atMs.push(clock.monotonicMs()),
    });
    watchdog.start();
    watchdog.start();
    await clock.advance(3_500);
    expect(atMs).toEqual([1_000, 2_000, 3_000]);
  });

  it("waits for a check that takes long before the next one", async () => {
    const clock = createFakeClock();
    let checks = 0;
    const check = async (): Promise<void> => {
      checks += 1;
      await new Promise<void>((resolve) => void clock.after(5_000, resolve));
    };
    createWatchdog({ clock, everyMs: 1_000, check }).start();
    await clock.advance(13_500);
    expect(checks).toBe(3);
  });

  it("leaves no timer behind when it is stopped, twice or in the middle of a check", async () => {
    const clock = createFakeClock();
    let finish: () => void = () => undefined;
    const watchdog = createWatchdog({
      clock,
      everyMs: 1_000,
      check: () => new Promise<void>((resolve) => (finish = resolve)),
    });
    watchdog.start();
    await clock.advance(1_000);
    watchdog.stop();
    watchdog.stop();
    finish();
    await clock.advance(0);
    expect(clock.pendingTimers()).toBe(0);
  });
});
