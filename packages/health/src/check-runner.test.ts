import { describe, expect, it } from "vitest";
import type { CheckResult, CheckRun } from "./checks/check.js";
import type { CustomCheck } from "./checks/custom-check.js";
import { setUp, healthy, hang, unhealthy } from "./testing/check-runner.js";

describe("a check runner", () => {
  it("reports what the check found, when, and how long it took", async () => {
    const { clock, runner } = setUp(
      () =>
        new Promise((resolve) =>
          clock.after(40, () => resolve({ status: "degraded", message: "2 GiB left" })),
        ),
    );
    const report = runner.get();
    await clock.advance(40);
    expect(await report).toEqual({
      status: "degraded",
      message: "2 GiB left",
      duration_ms: 40,
      last_checked: "2025-01-01T00:00:00.040Z",
      criticality: "optional",
      cached: false,
    });
    expect(await report).toSatisfy(Object.isFrozen);
  });

  it("reports a check that throws or rejects as unhealthy", async () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED 10.0.0.7:5432"), {
      code: "ECONNREFUSED",
    });
    for (const run of [
      () => Promise.reject(refused),
      () => {
        throw refused;
      },
      async () => {
        throw refused;
      },
    ]) {
      expect(await setUp(run).runner.get()).toMatchObject(unhealthy("connection_refused"));
    }
  });

  it("reports an invalid result, and one that throws when it is read, as unhealthy", async () => {
    const hostile = Object.defineProperty({}, "status", {
      get() {
        throw new Error("no");
      },
    }) as CheckResult;
    expect(await setUp(() => ({}) as CheckResult).runner.get()).toMatchObject(
      unhealthy("the check returned no valid status"),
    );
    expect(await setUp(() => hostile).runner.get()).toMatchObject(unhealthy("failed"));
  });

  it("aborts one signal at the time-out, and the other when the run is abandoned", async () => {
    let given: { signal: AbortSignal; run: CheckRun } | undefined;
    const run: CustomCheck["run"] = (signal, run) => {
      given = { signal, run };
      return hang();
    };
    const { clock, runner } = setUp(run, { timeoutMs: 100 }, { abandonAfterMs: 500 });
    void runner.get();
    const [first] = [given!];
    expect(first.signal.aborted).toBe(false);
    await clock.advance(100);
    expect([first.signal.aborted, first.run.abandoned.aborted]).toEqual([true, false]);
    await clock.advance(1_000);
    void runner.get();
    expect(first.run.abandoned.aborted).toBe(true);
  });

  it.each([
    [["ready"], 900],
    [["detailed"], 2_000],
  ] as const)("times out a check of %j after %i ms by default", async (probes, timeoutMs) => {
    const { clock, runner } = setUp(hang, { probes });
    const report = runner.get();
    await clock.advance(timeoutMs);
    expect(await report).toMatchObject({
      ...unhealthy(`timeout after ${timeoutMs} ms`),
      duration_ms: timeoutMs,
      cached: false,
    });
  });

  it("prefers a check's own time-out to the service's, and that to the default", async () => {
    const timedOutAfter = async (
      own: number | undefined,
      general: number,
    ): Promise<string | null> => {
      const { clock, runner } = setUp(hang, { timeoutMs: own }, { checkTimeoutMs: general });
      const report = runner.get();
      await clock.advance(2_000);
      return (await report).message;
    };
    expect(await timedOutAfter(undefined, 70)).toBe("timeout after 70 ms");
    expect(await timedOutAfter(30, 70)).toBe("timeout after 30 ms");
  });

  it("leaves no timer behind when the check has ended", async () => {
    const { clock, runner } = setUp(() => healthy);
    await runner.get();
    expect(clock.pendingTimers()).toBe(0);
  });
});

describe("a runner's log", () => {
  it("has a line when the check's status changes", async () => {
    const broken = [true, true, false, false];
    const { clock, runner, logged } = setUp(() => {
      if (broken.shift() === true) throw new Error("no");
      return healthy;
    });
    for (let run = 0; run < 4; run += 1) {
      await runner.get();
      await clock.advance(1_000);
    }
    expect(logged).toMatchObject([
      [
        "warn",
        "health check status changed",
        { check: "disk", status: "unhealthy", error: { message: "no" } },
      ],
      ["info", "health check status changed", { check: "disk", status: "healthy", error: null }],
    ]);
  });
});
