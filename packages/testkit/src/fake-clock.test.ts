import type { Clock } from "@tasker-observability/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { createFakeClock, type FakeClock } from "./fake-clock.js";

describe("createFakeClock", () => {
  it("is a clock of core's", () => {
    expectTypeOf<FakeClock>().toExtend<Clock>();
  });

  it("stands still until it is advanced", async () => {
    const clock = createFakeClock(1_000);
    expect([clock.wallMs(), clock.monotonicMs()]).toEqual([1_000, 0]);
    await clock.advance(250);
    expect([clock.wallMs(), clock.monotonicMs()]).toEqual([1_250, 250]);
  });

  it("runs the timers that fall due, in order, each at its own instant", async () => {
    const clock = createFakeClock(0);
    const seen: string[] = [];
    for (const [name, delayMs] of [
      ["second", 20],
      ["first", 10],
      ["second again", 20],
      ["late", 31],
    ] as const) {
      clock.after(delayMs, () => seen.push(`${name} at ${clock.monotonicMs()}`));
    }
    await clock.advance(30);
    expect(seen).toEqual(["first at 10", "second at 20", "second again at 20"]);
    expect(clock.pendingTimers()).toBe(1);
  });

  it("runs a timer that another one sets, when it falls due within the same advance", async () => {
    const clock = createFakeClock(0);
    const seen: number[] = [];
    const tick = (): void => {
      seen.push(clock.monotonicMs());
      clock.after(10, tick);
    };
    clock.after(10, tick);
    await clock.advance(35);
    expect(seen).toEqual([10, 20, 30]);
  });

  it("lets promises settle between two timers", async () => {
    const clock = createFakeClock(0);
    const seen: string[] = [];
    const chain = async (): Promise<void> => {
      for (let step = 0; step < 10; step += 1) await Promise.resolve();
      seen.push("chain");
    };
    clock.after(10, () => void chain());
    clock.after(20, () => seen.push("timer"));
    await clock.advance(20);
    expect(seen).toEqual(["chain", "timer"]);
  });

  it("does not run a timer that was cancelled", async () => {
    const clock = createFakeClock(0);
    const cancel = clock.after(10, () => expect.unreachable());
    cancel();
    cancel();
    await clock.advance(20);
    expect(clock.pendingTimers()).toBe(0);
  });
});
