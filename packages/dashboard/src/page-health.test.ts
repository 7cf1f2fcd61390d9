import { describe, expect, it } from "vitest";
import type { Check, Health } from "./page/data/answers.js";
import { HealthHistory } from "./page/data/health-history.js";
import { verdictOf } from "./page/data/verdict.js";

const check = (changed: Partial<Check> = {}): Check => ({
  ...{ status: "healthy", message: "answered", duration_ms: 1, criticality: "required" },
  last_checked: "2026-01-01T00:00:00.000Z",
  ...changed,
});

function health(checks: Health["checks"], changed: Partial<Health> = {}): Health {
  const system_info = {
    ...{ version: "1", environment: "test", worker_type: "general", supported_namespaces: [] },
    uptime_seconds: 100,
  };
  const status = "healthy" as const;
  return {
    status,
    timestamp: "2026-01-01T00:00:00.000Z",
    worker_id: "w",
    checks,
    system_info,
    ...changed,
  };
}

describe("the verdict", () => {
  const at = (answer: Health | null, changed: Partial<Parameters<typeof verdictOf>[0]> = {}) => {
    const parts = {
      offlineSince: null,
      needsKey: false,
      since: { at: 0, isExact: true },
      now: 12_000,
    };
    const { status, text, duration } = verdictOf({ health: answer, ...parts, ...changed });
    return `${status}: ${text}, ${duration}`;
  };

  it("names what makes the worker unready, why, and for how long", () => {
    const database = check({ status: "unhealthy", message: "connection refused" });
    expect(at(health({ database, lifecycle: check() }, { status: "unhealthy" }))).toBe(
      "unhealthy: Not ready: database, connection refused, for 12 s",
    );
  });

  it("names what is degraded while the worker is ready", () => {
    const queue_processing = check({ status: "degraded", message: "orders is old" });
    const own = check({ status: "unhealthy", message: null, criticality: "optional" });
    expect(at(health({ queue_processing, own }))).toBe(
      "degraded: Ready, but queue processing, orders is old; own, for 12 s",
    );
  });

  it("says that a duration may be longer where it began before the page was opened", () => {
    const since = { at: 0, isExact: false };
    expect(at(health({ database: check() }), { since })).toBe(
      "healthy: Ready: its check is healthy, for at least 12 s",
    );
  });

  it("comes from silence before all else, and is unknown before the first answer", () => {
    expect(at(health({ database: check() }), { offlineSince: 2_000 })).toBe(
      "unhealthy: The worker does not answer, for 10 s",
    );
    expect(at(null)).toBe("unknown: Asking the worker, ");
    expect(at(null, { needsKey: true })).toBe("unknown: This worker asks for a key, ");
  });
});

describe("the history of health", () => {
  it("has a transition for each change, and none for what it finds at first", () => {
    const history = new HealthHistory();
    history.answered(health({ database: check() }), 1_000);
    expect([history.transitions, history.since("database")]).toEqual([
      ...[[], { status: "healthy", at: 1_000, isExact: false }],
    ]);
    history.answered(
      health({ database: check({ status: "unhealthy", message: "refused" }) }),
      3_000,
    );
    expect(history.transitions).toEqual([
      ...[
        {
          at: 3_000,
          subject: "database",
          from: "healthy",
          to: "unhealthy",
          message: "refused",
          status: "unhealthy",
        },
      ],
    ]);
    expect(history.since("database")).toMatchObject({ at: 3_000, isExact: true });
  });

  it("keeps the last 50", () => {
    const history = new HealthHistory();
    for (let at = 0; at < 200; at += 1)
      history.answered(health({ a: check({ status: at % 2 === 0 ? "healthy" : "degraded" }) }), at);
    expect(history.transitions.map(({ at }) => at)).toEqual(
      Array.from({ length: 50 }, (_, index) => 199 - index),
    );
  });

  it("knows a restart by the time that the worker has been up, and not a slow answer", () => {
    const history = new HealthHistory();
    const upFor = (seconds: number) => {
      const answer = health({});
      return { ...answer, system_info: { ...answer.system_info, uptime_seconds: seconds } };
    };
    history.answered(upFor(100), 0);
    history.answered(upFor(101), 9_000);
    expect(history.transitions).toEqual([]);
    history.silent(10_000);
    history.answered(upFor(2), 60_000);
    expect(history.transitions.map(({ to, at }) => [to, at])).toEqual([
      ...[
        ["restarted", 58_000],
        ["answers", 60_000],
        ["silent", 10_000],
      ],
    ]);
  });
});
