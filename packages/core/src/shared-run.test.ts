import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import type { Awaitable } from "./awaitable.js";
import {
  createSharedRun,
  type RunSignals,
  type SharedResult,
  type SharedRun,
  type SharedRunOptions,
} from "./shared-run.js";

let clock: FakeClock;
beforeEach(() => {
  clock = createFakeClock();
});

/** Work that ends when it is told to. */
interface StartedRun extends RunSignals {
  succeed(value: string): Promise<void>;
  fail(error: Error): Promise<void>;
}

function sharedRun(options: Partial<SharedRunOptions> = {}): {
  shared: SharedRun<string>;
  runs: StartedRun[];
} {
  const runs: StartedRun[] = [];
  const shared = createSharedRun<string>(
    (signals) =>
      new Promise((resolve, reject) => {
        const settled = (): Promise<void> => clock.advance(0);
        runs.push({
          ...signals,
          succeed: (value) => (resolve(value), settled()),
          fail: (error) => (reject(error), settled()),
        });
      }),
    { clock, ttlMs: 1_000, timeoutMs: 900, ...options },
  );
  return { shared, runs };
}

const all = <T>(answers: readonly Awaitable<T>[]): Promise<T[]> =>
  Promise.all(answers.map(async (answer) => answer));

const wallMs = (monotonicMs: number): number => clock.wallMs() - clock.monotonicMs() + monotonicMs;

describe("createSharedRun", () => {
  it("starts nothing until it is asked", () => {
    const { shared, runs } = sharedRun();
    expect(runs).toHaveLength(0);
    expect(clock.pendingTimers()).toBe(0);
    void shared.get();
    expect(runs).toHaveLength(1);
  });

  it("runs once for all who ask while it runs, and calls none of their answers cached", async () => {
    const { shared, runs } = sharedRun();
    const first = shared.get();
    await clock.advance(40);
    const others = Array.from({ length: 999 }, () => shared.get());
    await clock.advance(60);
    await runs[0]!.succeed("up");
    const expected = {
      outcome: { state: "done", value: "up" },
      cached: false,
      endedAtMs: wallMs(100),
      durationMs: 100,
    };
    for (const answer of await Promise.all([first, ...others])) expect(answer).toEqual(expected);
    expect(runs).toHaveLength(1);
  });

  it("serves a result until its time-to-live has passed since the run's end, as cached", async () => {
    const { shared, runs } = sharedRun();
    const first = shared.get();
    await clock.advance(500);
    await runs[0]!.succeed("up");
    await first;
    await clock.advance(999);
    expect(await shared.get()).toEqual({
      outcome: { state: "done", value: "up" },
      cached: true,
      endedAtMs: wallMs(500),
      durationMs: 500,
    });
    await clock.advance(1);
    void shared.get();
    expect(runs).toHaveLength(2);
  });

  it("shows the fresh result without a promise, and the same object each time", async () => {
    const { shared, runs } = sharedRun();
    expect(shared.get()).toBeInstanceOf(Promise);
    await runs[0]!.succeed("up");
    const fresh = shared.get();
    expect(fresh).toMatchObject({ cached: true, outcome: { state: "done", value: "up" } });
    expect(shared.get()).toBe(fresh);
    expect(shared.get(clock.monotonicMs() + 999)).toBe(fresh);
    expect(shared.get(clock.monotonicMs() + 1_000)).toBeInstanceOf(Promise);
    expect(runs).toHaveLength(2);
  });

  it("shares running work with a time-to-live of 0, and nothing that has ended", async () => {
    const { shared, runs } = sharedRun({ ttlMs: 0 });
    const answers = [shared.get(), shared.get()];
    await runs[0]!.succeed("up");
    expect((await all(answers)).map(({ cached }) => cached)).toEqual([false, false]);
    expect(shared.get()).toBeInstanceOf(Promise);
    expect(runs).toHaveLength(2);
  });

  it("shares a failure as it shares a result", async () => {
    const { shared, runs } = sharedRun();
    const error = new Error("refused");
    const first = shared.get();
    await runs[0]!.fail(error);
    expect((await first).outcome).toEqual({ state: "failed", error });
    expect(await shared.get()).toMatchObject({ outcome: { state: "failed", error }, cached: true });
    expect(runs).toHaveLength(1);
  });

  it("reports work that throws at once, or that is no promise", async () => {
    const throwing = createSharedRun<string>(
      () => {
        throw new Error("no");
      },
      { clock, ttlMs: 0, timeoutMs: 900 },
    );
    expect((await throwing.get()).outcome).toMatchObject({
      state: "failed",
      error: new Error("no"),
    });
    const plain = createSharedRun((() => "up") as unknown as () => Promise<string>, {
      clock,
      ttlMs: 0,
      timeoutMs: 900,
    });
    expect((await plain.get()).outcome).toEqual({ state: "done", value: "up" });
  });

  it("ends at its time-out, aborts the signal, and caches the time-out", async () => {
    const { shared, runs } = sharedRun();
    const first = shared.get();
    await clock.advance(899);
    expect(runs[0]!.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(await first).toEqual({
      outcome: { state: "timed_out" },
      cached: false,
      endedAtMs: wallMs(900),
      durationMs: 900,
    });
    expect(runs[0]!.signal.aborted).toBe(true);
    expect(runs[0]!.abandoned.aborted).toBe(false);
    await clock.advance(999);
    expect(await shared.get()).toEqual({
      outcome: { state: "timed_out" },
      cached: true,
      endedAtMs: wallMs(900),
      durationMs: 900,
    });
  });

  it("says of a run that hangs that it still runs, since when, and starts no other", async () => {
    const { shared, runs } = sharedRun();
    void shared.get();
    await clock.advance(5_000);
    expect(await shared.get()).toEqual({
      outcome: { state: "still_running" },
      cached: true,
      endedAtMs: wallMs(900),
      durationMs: 5_000,
    });
    await clock.advance(4_999);
    expect((await shared.get()).outcome.state).toBe("still_running");
    expect(runs).toHaveLength(1);
  });

  it("starts anew as soon as a run that hung has ended, whose late result counts for nothing", async () => {
    const { shared, runs } = sharedRun();
    void shared.get();
    await clock.advance(5_000);
    await runs[0]!.succeed("too late");
    const next = shared.get();
    expect(next).toBeInstanceOf(Promise);
    await runs[1]!.succeed("up");
    expect((await next).outcome).toEqual({ state: "done", value: "up" });
  });

  it("abandons a run that hangs for too long, and starts one in its place", async () => {
    const { shared, runs } = sharedRun();
    void shared.get();
    await clock.advance(10_000);
    const next = shared.get();
    expect(runs[0]!.abandoned.aborted).toBe(true);
    expect(runs).toHaveLength(2);
    await runs[1]!.succeed("up");
    expect(await next).toMatchObject({ outcome: { state: "done", value: "up" }, cached: false });
    await runs[0]!.succeed("too late");
    expect(shared.get()).toMatchObject({ outcome: { state: "done", value: "up" } });
  });

  it("never has more than one abandoned run: the second waits for the first to end", async () => {
    const { shared, runs } = sharedRun({ abandonAfterMs: 2_000 });
    void shared.get();
    await clock.advance(2_000);
    void shared.get();
    await clock.advance(100_000);
    expect((await shared.get()).outcome.state).toBe("still_running");
    expect(runs).toHaveLength(2);
    expect(runs[1]!.abandoned.aborted).toBe(false);
    await runs[0]!.fail(new Error("destroyed"));
    void shared.get();
    expect(runs).toHaveLength(3);
    expect(runs[1]!.abandoned.aborted).toBe(true);
  });

  it("does not take work that asks for its own result for another caller's, and lets the time-out end it", async () => {
    let runs = 0;
    const shared: SharedRun<string> = createSharedRun(
      async () => {
        runs += 1;
        return (await shared.get()).outcome.state;
      },
      { clock, ttlMs: 1_000, timeoutMs: 900 },
    );
    const asked = shared.get();
    await clock.advance(900);
    expect((await asked).outcome).toEqual({ state: "timed_out" });
    expect(runs).toBe(1);
  });

  it("does not say of a run that has just ended that it still runs", async () => {
    const seen: Awaitable<SharedResult<string>>[] = [];
    const shared: SharedRun<string> = createSharedRun(
      async () => {
        for (let turn = 0; turn < 10; turn += 1)
          queueMicrotask(() => void Promise.resolve().then(() => seen.push(shared.get())));
        return "up";
      },
      { clock, ttlMs: 0, timeoutMs: 900 },
    );
    await shared.get();
    for (let turn = 0; turn < 10; turn += 1) seen.push(shared.get());
    for (const answer of await all(seen))
      expect(answer.outcome).toEqual({ state: "done", value: "up" });
  });

  it("gives frozen answers, so that no caller can change another's", async () => {
    const { shared, runs } = sharedRun();
    const asked = shared.get();
    await runs[0]!.succeed("up");
    for (const answer of [await asked, await shared.get()]) {
      expect(Object.isFrozen(answer)).toBe(true);
      expect(Object.isFrozen(answer.outcome)).toBe(true);
    }
  });

  it("on close ends the waiting for a run under way, aborts it and leaves no timer", async () => {
    const { shared, runs } = sharedRun();
    const asked = shared.get();
    await clock.advance(100);
    shared.close();
    shared.close();
    expect(await asked).toMatchObject({
      outcome: { state: "failed", error: new Error("closed") },
      durationMs: 100,
    });
    expect(runs[0]!.signal.aborted).toBe(true);
    expect(runs[0]!.abandoned.aborted).toBe(true);
    expect(clock.pendingTimers()).toBe(0);
  });

  it("on close gives up hung and abandoned runs too", async () => {
    const { shared, runs } = sharedRun();
    void shared.get();
    await clock.advance(10_000);
    void shared.get();
    await clock.advance(5_000);
    shared.close();
    expect(runs.map(({ abandoned }) => abandoned.aborted)).toEqual([true, true]);
  });

  it("once closed starts nothing and reports so, whatever it had", async () => {
    const { shared, runs } = sharedRun();
    void shared.get();
    await runs[0]!.succeed("up");
    shared.close();
    expect(await shared.get()).toMatchObject({
      outcome: { state: "failed", error: new Error("closed") },
      cached: false,
    });
    expect(runs).toHaveLength(1);
  });
});
