import { createWorkerContext, type Logger, type Ports } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  createFleetReporter,
  type FleetReport,
  type FleetStore,
  type ReadinessSource,
} from "./index.js";

type Processor = Ports["commandProcessor"];

function setUp(parts: Partial<FleetStore> = {}) {
  const reports: FleetReport[] = [];
  const removed: string[] = [];
  const clock = createFakeClock();
  const logger = vi.fn<Logger>();
  const turn: { state: ReturnType<Processor["state"]> } = { state: "running" };
  const commandProcessor: Processor = {
    state: () => turn.state,
    heartbeat: null,
    slots: () => ({ total: 2, busy: 1, overdue: 0 }),
  };
  const context = createWorkerContext({
    workerId: "w",
    namespaces: ["orders"],
    clock,
    logger,
    lifecycle: "created",
    ports: { commandProcessor },
  });
  const store: FleetStore = {
    prepare: vi.fn(async () => undefined),
    report: async (report) => void reports.push(report),
    remove: async (instanceId) => void removed.push(instanceId),
    list: async () => Promise.reject(new Error("not asked for")),
    ...parts,
  };
  const checks = { database: { status: "healthy", message: "x".repeat(300) } } as const;
  const readiness = vi.fn<ReadinessSource["readiness"]>(() => ({ status: "healthy", checks }));
  const health = { readiness };
  const reporter = createFleetReporter({ store, context, health, url: () => "http://w" });
  onTestFinished(() => reporter.stop());
  void reporter.start();
  return { reporter, reports, removed, clock, logger, turn, context, store, readiness };
}

const refused = (code: string) => Object.assign(new Error("no"), { code });

describe("the reporter of a worker", () => {
  it("reports once the worker starts, then every ten seconds", async () => {
    const { reports, clock, context } = setUp();
    await clock.advance(3_000);
    expect(reports).toEqual([]);
    context.lifecycle.become("running");
    await clock.advance(25_000);
    expect(reports.map(({ uptime_ms }) => uptime_ms)).toEqual([4_000, 14_000, 24_000]);
    expect(reports[0]).toMatchObject({
      worker_id: "w",
      state: "running",
      status: "healthy",
      namespaces: ["orders"],
      slots: { total: 2, busy: 1 },
      url: "http://w",
      pid: process.pid,
      checks: { database: { message: "x".repeat(200) } },
    });
  });

  it("reports a change of its state within a second", async () => {
    const { reports, clock, context, turn } = setUp();
    context.lifecycle.become("starting");
    await clock.advance(1_000);
    context.lifecycle.become("running");
    await clock.advance(1_000);
    turn.state = "paused";
    await clock.advance(1_000);
    context.lifecycle.become("draining");
    await clock.advance(1_000);
    expect(reports.map(({ state, status }) => [state, status])).toEqual([
      ["starting", "unhealthy"],
      ["running", "healthy"],
      ["paused", "healthy"],
      ["draining", "healthy"],
    ]);
  });

  it("asks a healthy worker's checks once a minute, and all others at each report", async () => {
    const { reports, readiness, clock, context } = setUp();
    context.lifecycle.become("running");
    await clock.advance(55_000);
    expect([reports.length, readiness.mock.calls.length]).toEqual([6, 1]);
    readiness.mockReturnValue({ status: "degraded", checks: {} });
    await clock.advance(30_000);
    expect(reports.at(-1)?.status).toBe("degraded");
    expect([reports.length, readiness.mock.calls.length]).toEqual([9, 4]);
  });

  it("removes the worker when it stops, and reports no more", async () => {
    const { reporter, reports, removed, clock, context } = setUp();
    context.lifecycle.become("running");
    await clock.advance(1_000);
    await reporter.stop();
    await clock.advance(60_000);
    expect(reports).toHaveLength(1);
    expect(removed).toEqual([reports[0]?.instance_id]);
  });

  it("logs one line for a right that is missing, and asks again after five minutes", async () => {
    const prepare = vi.fn<FleetStore["prepare"]>();
    prepare.mockRejectedValue(refused("42501"));
    const { clock, context, logger, reports } = setUp({ prepare });
    context.lifecycle.become("running");
    await clock.advance(600_000);
    expect(prepare.mock.calls.length).toBeLessThanOrEqual(3);
    expect(logger.mock.calls.map(([level, message]) => [level, message])).toEqual([
      ["warn", "this worker cannot report itself to the fleet, and works on"],
    ]);
    prepare.mockResolvedValue(undefined);
    await clock.advance(300_000);
    expect(reports.length).toBeGreaterThan(0);
  });

  it("tries again every ten seconds while the database is away, with one log line for each kind of failure", async () => {
    const prepare = vi.fn<FleetStore["prepare"]>();
    prepare.mockRejectedValue(refused("ECONNREFUSED"));
    const { clock, context, logger, reports } = setUp({ prepare });
    context.lifecycle.become("running");
    await clock.advance(60_000);
    expect(prepare.mock.calls.length).toBeGreaterThanOrEqual(5);
    expect(logger).toHaveBeenCalledTimes(1);
    prepare.mockRejectedValue(refused("42501"));
    await clock.advance(10_000);
    expect(logger).toHaveBeenCalledTimes(2);
    expect(reports).toEqual([]);
  });
});
