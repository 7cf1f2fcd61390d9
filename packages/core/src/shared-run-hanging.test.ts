import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import { createSharedRun, type SharedRun } from "./shared-run.js";
import { sharedRun, wallMs } from "./testing/shared-runs.js";

let clock: FakeClock;
beforeEach(() => {
  clock = createFakeClock();
});

describe("a shared run that hangs", () => {
  it("ends at its time-out, aborts the signal, and caches the time-out", async () => {
    const { shared, runs } = sharedRun(clock);
    const first = shared.get();
    await clock.advance(899);
    expect(runs[0]!.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(await first).toEqual({
      run: { state: "timed_out" },
      cached: false,
      endedAtMs: wallMs(clock, 900),
      durationMs: 900,
    });
    expect(runs[0]!.signal.aborted).toBe(true);
    expect(runs[0]!.abandoned.aborted).toBe(false);
    await clock.advance(999);
    expect(await shared.get()).toEqual({
      run: { state: "timed_out" },
      cached: true,
      endedAtMs: wallMs(clock, 900),
      durationMs: 900,
    });
  });

  it("reports a hanging run as still running, and starts no other", async () => {
    const { shared, runs } = sharedRun(clock);
    void shared.get();
    await clock.advance(5_000);
    expect(await shared.get()).toEqual({
      run: { state: "still_running" },
      cached: true,
      endedAtMs: wallMs(clock, 900),
      durationMs: 5_000,
    });
    await clock.advance(4_999);
    expect((await shared.get()).run.state).toBe("still_running");
    expect(runs).toHaveLength(1);
  });

  it("starts again as soon as a hanging run has ended, and ignores its late result", async () => {
    const { shared, runs } = sharedRun(clock);
    void shared.get();
    await clock.advance(5_000);
    await runs[0]!.succeed("too late");
    const next = shared.get();
    expect(next).toBeInstanceOf(Promise);
    await runs[1]!.succeed("up");
    expect((await next).run).toEqual({ state: "done", value: "up" });
  });

  it("abandons a run that hangs for too long, and starts a new one", async () => {
    const { shared, runs } = sharedRun(clock);
    void shared.get();
    await clock.advance(10_000);
    const next = shared.get();
    expect(runs[0]!.abandoned.aborted).toBe(true);
    expect(runs).toHaveLength(2);
    await runs[1]!.succeed("up");
    expect(await next).toMatchObject({ run: { state: "done", value: "up" }, cached: false });
    await runs[0]!.succeed("too late");
    expect(shared.get()).toMatchObject({ run: { state: "done", value: "up" } });
  });

  it("never has more than one abandoned run", async () => {
    const { shared, runs } = sharedRun(clock, { abandonAfterMs: 2_000 });
    void shared.get();
    await clock.advance(2_000);
    void shared.get();
    await clock.advance(100_000);
    expect((await shared.get()).run.state).toBe("still_running");
    expect(runs).toHaveLength(2);
    expect(runs[1]!.abandoned.aborted).toBe(false);
    await runs[0]!.fail(new Error("destroyed"));
    void shared.get();
    expect(runs).toHaveLength(3);
    expect(runs[1]!.abandoned.aborted).toBe(true);
  });

  it("times out work that waits for its own result", async () => {
    let runs = 0;
    const shared: SharedRun<string> = createSharedRun(
      async () => {
        runs += 1;
        return (await shared.get()).run.state;
      },
      { clock, ttlMs: 1_000, timeoutMs: 900 },
    );
    const asked = shared.get();
    await clock.advance(900);
    expect((await asked).run).toEqual({ state: "timed_out" });
    expect(runs).toBe(1);
  });
});
