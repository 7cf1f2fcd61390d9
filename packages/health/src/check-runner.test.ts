import { type Awaitable, createWorkerContext, type Logger } from "@tasker-observability/core";
import { createRedactor } from "@tasker-observability/redact";
import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createCheckRunner, type RunnerOptions } from "./check-runner.js";
import type { CheckResult, CheckRun } from "./checks/check.js";
import { type CustomCheck, readCustomCheck } from "./checks/custom-check.js";
import type { HealthCheck } from "./schemas/health-check.js";

interface Given {
  readonly clock: FakeClock;
  readonly runner: { get(): Awaitable<HealthCheck> };
  readonly logged: unknown[][];
  /** The report where it comes without a promise, else null. */
  readonly fresh: () => HealthCheck | null;
}

function setUp(
  run: CustomCheck["run"],
  facts: Partial<CustomCheck> = {},
  options: Partial<RunnerOptions> = {},
): Given {
  const clock = createFakeClock();
  const logged: unknown[][] = [];
  const logger: Logger = (...line) => void logged.push(line);
  const context = createWorkerContext({ clock, logger });
  const redactor = createRedactor();
  const runner = createCheckRunner(readCustomCheck({ name: "disk", run, ...facts }), context, {
    redactor,
    cacheTtlMs: 1_000,
    abandonAfterMs: 10_000,
    ...options,
  });
  const get = (): Awaitable<HealthCheck> =>
    runner.get({ monotonicMs: clock.monotonicMs(), timestamp: context.timestamp() });
  return {
    clock,
    runner: { get },
    logged,
    fresh: () => toFresh(get()),
  };
}

const all = (reports: readonly Awaitable<HealthCheck>[]): Promise<HealthCheck[]> =>
  Promise.all(reports.map(async (report) => report));

function toFresh(report: Awaitable<HealthCheck>): HealthCheck | null {
  return report instanceof Promise ? null : report;
}

const healthy: CheckResult = { status: "healthy" };
const hang = (): Promise<CheckResult> => new Promise(() => undefined);
const unhealthy = (message: string) => ({ status: "unhealthy", message });

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

  it("makes a throw, a rejection and a synchronous throw that check's unhealthy", async () => {
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

  it("makes garbage, and a result that throws when it is read, unhealthy", async () => {
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

  it("tells a check of its time-out by its signal, and of being given up by the other", async () => {
    let told: { signal: AbortSignal; run: CheckRun } | undefined;
    const run: CustomCheck["run"] = (signal, run) => {
      told = { signal, run };
      return hang();
    };
    const { clock, runner } = setUp(run, { timeoutMs: 100 }, { abandonAfterMs: 500 });
    void runner.get();
    const [first] = [told!];
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
  ] as const)("gives a check asked for %j %i ms by default", async (probes, timeoutMs) => {
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

describe("a check's cache", () => {
  it("shares one run among all that ask meanwhile, and calls it fresh to each of them", async () => {
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

  it("with a time-to-live of 0 shares the run under way and nothing else", async () => {
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

  it("never takes a run that has just ended for one that hangs", async () => {
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

  it("lets a check ask for itself at the cost of its own time-out", async () => {
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

  it("is reported as still running once its time-out has gone stale, and not started again", async () => {
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

  it("is never joined by a second abandoned one", async () => {
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

  it("is followed by a fresh one as soon as it ends", async () => {
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

describe("a runner's log", () => {
  it("tells when the check turns", async () => {
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
        "health check turned",
        { check: "disk", status: "unhealthy", error: { message: "no" } },
      ],
      ["info", "health check turned", { check: "disk", status: "healthy", error: null }],
    ]);
  });
});
