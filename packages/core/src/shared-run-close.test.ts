import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import { sharedRun } from "./testing/shared-runs.js";

let clock: FakeClock;
beforeEach(() => {
  clock = createFakeClock();
});

describe("a shared run that is closed", () => {
  it("answers waiting callers, aborts the run and leaves no timer", async () => {
    const { shared, runs } = sharedRun(clock);
    const asked = shared.get();
    await clock.advance(100);
    shared.close();
    shared.close();
    expect(await asked).toMatchObject({
      run: { state: "failed", error: new Error("closed") },
      durationMs: 100,
    });
    expect(runs[0]!.signal.aborted).toBe(true);
    expect(runs[0]!.abandoned.aborted).toBe(true);
    expect(clock.pendingTimers()).toBe(0);
  });

  it("aborts hanging and abandoned runs too", async () => {
    const { shared, runs } = sharedRun(clock);
    void shared.get();
    await clock.advance(10_000);
    void shared.get();
    await clock.advance(5_000);
    shared.close();
    expect(runs.map(({ abandoned }) => abandoned.aborted)).toEqual([true, true]);
  });

  it("starts nothing afterwards, and reports that it is closed", async () => {
    const { shared, runs } = sharedRun(clock);
    void shared.get();
    await runs[0]!.succeed("up");
    shared.close();
    expect(await shared.get()).toMatchObject({
      run: { state: "failed", error: new Error("closed") },
      cached: false,
    });
    expect(runs).toHaveLength(1);
  });
});
