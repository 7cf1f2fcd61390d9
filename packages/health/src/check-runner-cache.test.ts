import { describe, expect, it } from "vitest";
import { type Given, setUp, all, healthy, hang, unhealthy } from "./testing/check-runner.js";

describe("a check's cache", () => {
  it("shares one run between concurrent callers, and marks no answer as cached", async () => {
    let runs = 0;
    const { clock, runner } = setUp(
      () =>
        new Promise((resolve) => {
          runs += 1;
          clock.after(50, () => resolve(healthy));
        }),
    );
    const first = runner.get();
    await clock.advance(20);
    const second = runner.get();
    await clock.advance(30);
    expect([await first, await second].map(({ cached }) => cached)).toEqual([false, false]);
    expect(runs).toBe(1);
  });

  it("serves the same object until the time-to-live has passed since the run's end, then runs again", async () => {
    let runs = 0;
    const { clock, runner, fresh } = setUp(
      () =>
        new Promise((resolve) => {
          runs += 1;
          clock.after(400, () => resolve(healthy));
        }),
    );
    void runner.get();
    await clock.advance(400);
    await clock.advance(999);
    const cached = fresh();
    expect(cached).toMatchObject({
      cached: true,
      last_checked: "2025-01-01T00:00:00.400Z",
      duration_ms: 400,
    });
    expect(fresh()).toBe(cached);
    expect(await runner.get()).toBe(cached);
    await clock.advance(1);
    expect(fresh()).toBeNull();
    void runner.get();
    expect(runs).toBe(2);
  });

  it("shares only the current run when the time-to-live is 0", async () => {
    let runs = 0;
    const { clock, runner, fresh } = setUp(
      () =>
        new Promise((resolve) => {
          runs += 1;
          clock.after(10, () => resolve(healthy));
        }),
      {},
      { cacheTtlMs: 0 },
    );
    const together = [runner.get(), runner.get()];
    await clock.advance(10);
    await all(together);
    expect(runs).toBe(1);
    expect(fresh()).toBeNull();
    await clock.advance(1);
    void runner.get();
    expect(runs).toBe(2);
  });

  it.each([
    [5_000, "longer than the service does", 4_999],
    [100, "less long", 99],
  ])("keeps a result for the check's own time-to-live of %i ms: %s", async (ttlMs, _, keptMs) => {
    const { clock, runner, fresh } = setUp(() => healthy, { cacheTtlMs: ttlMs });
    await runner.get();
    await clock.advance(keptMs);
    expect(fresh()).toMatchObject({ cached: true });
    await clock.advance(1);
    expect(fresh()).toBeNull();
  });

  it("keeps failures and time-outs as long as successes", async () => {
    let runs = 0;
    const { clock, runner } = setUp(() => {
      runs += 1;
      throw new Error("no");
    });
    await runner.get();
    await clock.advance(999);
    expect(await runner.get()).toMatchObject({ ...unhealthy("failed"), cached: true });
    expect(runs).toBe(1);
  });

  it("does not report a run that has just ended as hanging", async () => {
    const open: (() => void)[] = [];
    const { runner } = setUp(() => new Promise((resolve) => open.push(() => resolve(healthy))));
    const reports = [runner.get()];
    open[0]?.();
    for (let turn = 0; turn < 20; turn += 1) {
      await Promise.resolve();
      reports.push(runner.get());
    }
    expect(new Set((await all(reports)).map(({ status }) => status))).toEqual(new Set(["healthy"]));
  });

  it("times out a check that waits for itself", async () => {
    let runs = 0;
    const given: Given = setUp(
      async () => {
        runs += 1;
        await given.runner.get();
        return healthy;
      },
      { timeoutMs: 80 },
    );
    const report = given.runner.get();
    await given.clock.advance(80);
    expect(await report).toMatchObject(unhealthy("timeout after 80 ms"));
    expect(runs).toBe(1);
  });
});

describe("a run that hangs", () => {
  const hanging = (): Given & { aborted: () => boolean[] } => {
    const abandoned: AbortSignal[] = [];
    const given = setUp(
      (_signal, run) => {
        abandoned.push(run.abandoned);
        return hang();
      },
      { timeoutMs: 900 },
    );
    return { ...given, aborted: () => abandoned.map((signal) => signal.aborted) };
  };

  it("is reported as still running once the cached time-out has expired, and is not started again", async () => {
    const { clock, runner, aborted } = hanging();
    void runner.get();
    await clock.advance(900 + 999);
    expect(await runner.get()).toMatchObject({
      ...unhealthy("timeout after 900 ms"),
      cached: true,
    });
    await clock.advance(1);
    expect(await runner.get()).toMatchObject({
      ...unhealthy("still running after 1900 ms"),
      duration_ms: 1_900,
      last_checked: "2025-01-01T00:00:00.900Z",
      cached: true,
    });
    expect(aborted()).toEqual([false]);
  });

  it("is abandoned after 10 s for one new run", async () => {
    const { clock, runner, aborted } = hanging();
    void runner.get();
    await clock.advance(9_999);
    expect(await runner.get()).toMatchObject(unhealthy("still running after 9999 ms"));
    await clock.advance(1);
    const next = runner.get();
    expect(aborted()).toEqual([true, false]);
    await clock.advance(900);
    expect(await next).toMatchObject({ ...unhealthy("timeout after 900 ms"), cached: false });
  });

  it("is not abandoned while another abandoned run has not ended", async () => {
    const { clock, runner, aborted } = hanging();
    for (let second = 0; second < 120; second += 1) {
      void runner.get();
      await clock.advance(1_000);
    }
    expect(aborted()).toEqual([true, false]);
    expect(await runner.get()).toMatchObject({
      status: "unhealthy",
      message: expect.stringMatching(/^still running after \d+ ms$/),
    });
  });

  it("is followed by a new run as soon as it ends", async () => {
    const ends: (() => void)[] = [];
    const { clock, runner } = setUp(
      () => new Promise((resolve) => ends.push(() => resolve(healthy))),
      { timeoutMs: 900 },
    );
    void runner.get();
    await clock.advance(5_000);
    ends[0]?.();
    await clock.advance(0);
    const next = runner.get();
    ends[1]?.();
    expect(await next).toMatchObject({ status: "healthy", cached: false });
  });
});
