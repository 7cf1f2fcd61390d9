import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import type { Awaitable } from "./awaitable.js";
import { createSharedRun, type SharedResult, type SharedRun } from "./shared-run.js";
import { sharedRun, all, wallMs } from "./testing/shared-runs.js";

let clock: FakeClock;

beforeEach(() => {
  clock = createFakeClock();
});

describe("createSharedRun", () => {
  it("lists everything that is wrong with its options", () => {
    const options = { clock: Date, ttlMs: NaN, timeoutMS: 100 } as never;
    expect(() => createSharedRun(() => Promise.resolve(), options)).toThrow(
      /^Unknown option "timeoutMS" of createSharedRun\. Did you mean "timeoutMs"\? clock must be a Clock, such as systemClock, not a function\. ttlMs must be a number from 0 to 9007199254740991, not NaN\. timeoutMs must be a number from 0 to 2147483647, but is missing\.$/,
    );
  });

  it("starts nothing until it is asked", () => {
    const { shared, runs } = sharedRun(clock);
    expect(runs).toHaveLength(0);
    expect(clock.pendingTimers()).toBe(0);
    void shared.get();
    expect(runs).toHaveLength(1);
  });

  it("shares one run between concurrent callers, and marks none of their answers as cached", async () => {
    const { shared, runs } = sharedRun(clock);
    const first = shared.get();
    await clock.advance(40);
    const others = Array.from({ length: 999 }, () => shared.get());
    await clock.advance(60);
    await runs[0]!.succeed("up");
    const expected = {
      run: { state: "done", value: "up" },
      cached: false,
      endedAtMs: wallMs(clock, 100),
      durationMs: 100,
    };
    for (const answer of await Promise.all([first, ...others])) expect(answer).toEqual(expected);
    expect(runs).toHaveLength(1);
  });

  it("serves a result as cached until its time-to-live has passed since the run's end", async () => {
    const { shared, runs } = sharedRun(clock);
    const first = shared.get();
    await clock.advance(500);
    await runs[0]!.succeed("up");
    await first;
    await clock.advance(999);
    expect(await shared.get()).toEqual({
      run: { state: "done", value: "up" },
      cached: true,
      endedAtMs: wallMs(clock, 500),
      durationMs: 500,
    });
    await clock.advance(1);
    void shared.get();
    expect(runs).toHaveLength(2);
  });

  it("returns a fresh result without a promise, as the same object each time", async () => {
    const { shared, runs } = sharedRun(clock);
    expect(shared.get()).toBeInstanceOf(Promise);
    await runs[0]!.succeed("up");
    const fresh = shared.get();
    expect(fresh).toMatchObject({ cached: true, run: { state: "done", value: "up" } });
    expect(shared.get()).toBe(fresh);
    expect(shared.get(clock.monotonicMs() + 999)).toBe(fresh);
    expect(shared.get(clock.monotonicMs() + 1_000)).toBeInstanceOf(Promise);
    expect(runs).toHaveLength(2);
  });

  it("shares only running work when the time-to-live is 0", async () => {
    const { shared, runs } = sharedRun(clock, { ttlMs: 0 });
    const answers = [shared.get(), shared.get()];
    await runs[0]!.succeed("up");
    expect((await all(answers)).map(({ cached }) => cached)).toEqual([false, false]);
    expect(shared.get()).toBeInstanceOf(Promise);
    expect(runs).toHaveLength(2);
  });

  it("shares a failure as it shares a result", async () => {
    const { shared, runs } = sharedRun(clock);
    const error = new Error("refused");
    const first = shared.get();
    await runs[0]!.fail(error);
    expect((await first).run).toEqual({ state: "failed", error });
    expect(await shared.get()).toMatchObject({ run: { state: "failed", error }, cached: true });
    expect(runs).toHaveLength(1);
  });

  it("reports work that throws synchronously, or returns no promise", async () => {
    const throwing = createSharedRun<string>(
      () => {
        throw new Error("no");
      },
      { clock, ttlMs: 0, timeoutMs: 900 },
    );
    expect((await throwing.get()).run).toMatchObject({
      state: "failed",
      error: new Error("no"),
    });
    const plain = createSharedRun((() => "up") as unknown as () => Promise<string>, {
      clock,
      ttlMs: 0,
      timeoutMs: 900,
    });
    expect((await plain.get()).run).toEqual({ state: "done", value: "up" });
  });

  it("does not report a run that has just ended as still running", async () => {
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
      expect(answer.run).toEqual({ state: "done", value: "up" });
  });

  it("returns frozen answers", async () => {
    const { shared, runs } = sharedRun(clock);
    const asked = shared.get();
    await runs[0]!.succeed("up");
    for (const answer of [await asked, await shared.get()]) {
      expect(Object.isFrozen(answer)).toBe(true);
      expect(Object.isFrozen(answer.run)).toBe(true);
    }
  });
});
