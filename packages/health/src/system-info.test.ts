import { createWorkerContext, type Ports } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { createSystemInfo } from "./system-info.js";

const acquires = { total: 9, slow: 2, errors: 1, averageMs: 30.5, maxMs: 180 };
const pool = { size: 3, idle: 2, waiting: 0, max: 10, acquires };
const detail = {
  active_connections: 1,
  idle_connections: 2,
  max_connections: 10,
  utilization_percent: 10,
  total_acquires: 9,
  slow_acquires: 2,
  acquire_errors: 1,
  average_acquire_time_ms: 30.5,
  max_acquire_time_ms: 180,
};
const utilization = { tasker_pool: detail, pgmq_pool: detail };

function setUp(ports: Partial<Ports>) {
  const clock = createFakeClock();
  const context = createWorkerContext({
    version: "1.2.3",
    environment: "test",
    namespaces: ["orders", "payments"],
    ports,
    clock,
  });
  const read = createSystemInfo(context);
  const now = () => ({ monotonicMs: clock.monotonicMs(), timestamp: context.timestamp() });
  return { clock, systemInfo: () => read(now()) };
}

const never = async (): Promise<void> => undefined;

describe("the system info", () => {
  it("reports what the worker's parts report", async () => {
    const { clock, systemInfo } = setUp({
      database: { ping: never, pool: () => pool },
      commandProcessor: { state: () => "running", heartbeat: null, slots: () => null },
    });
    expect(systemInfo().uptime_seconds).toBe(0);
    await clock.advance(61_900);
    expect(systemInfo()).toEqual({
      version: "1.2.3",
      observability_version: manifest.version,
      environment: "test",
      uptime_seconds: 61,
      worker_type: "general",
      database_pool_size: 3,
      command_processor_active: true,
      supported_namespaces: ["orders", "payments"],
      pool_utilization: utilization,
    });
  });

  it("is null if the worker has no such part, or the part has no numbers", () => {
    const none = {
      database_pool_size: null,
      command_processor_active: null,
      pool_utilization: null,
    };
    const broken = (): never => {
      throw new Error("no");
    };
    expect(setUp({}).systemInfo()).toMatchObject(none);
    expect(
      setUp({
        database: { ping: never, pool: broken },
        commandProcessor: { state: broken, heartbeat: null, slots: broken },
      }).systemInfo(),
    ).toMatchObject(none);
    expect(setUp({ database: { ping: never, pool: () => null } }).systemInfo()).toMatchObject(none);
  });

  it("follows the pool and the processor, and returns the same object while nothing changed", () => {
    const given = { pool, state: "running" as "running" | "paused" };
    const { systemInfo } = setUp({
      database: { ping: never, pool: () => ({ ...given.pool }) },
      commandProcessor: { state: () => given.state, heartbeat: null, slots: () => null },
    });
    const before = systemInfo();
    expect(systemInfo()).toBe(before);
    for (const [change, shown] of [
      [{ size: 17 }, { active_connections: 15 }],
      [{ idle: 16 }, { idle_connections: 16 }],
      [{ max: 20 }, { max_connections: 20, utilization_percent: 5 }],
      [{ acquires: { ...acquires, total: 10, averageMs: 28 } }, { average_acquire_time_ms: 28 }],
      [{ acquires: { ...acquires, total: 10, errors: 2 } }, { acquire_errors: 2 }],
    ] as const) {
      given.pool = { ...given.pool, ...change };
      expect(systemInfo().pool_utilization?.tasker_pool).toMatchObject(shown);
    }
    given.state = "paused";
    expect(systemInfo().command_processor_active).toBe(false);
    expect(before).toMatchObject({ command_processor_active: true, pool_utilization: utilization });
  });

  it("says 0 if a pool does not count its callers or opens no connections", () => {
    const { systemInfo } = setUp({
      database: { ping: never, pool: () => ({ size: 0, idle: 0, waiting: 0, max: 0 }) },
    });
    const numbers = Object.values(systemInfo().pool_utilization?.tasker_pool ?? {});
    expect(numbers).toEqual(Array.from({ length: 9 }, () => 0));
  });

  it("is frozen, and has only the promised fields of the pool", () => {
    const { systemInfo } = setUp({
      database: { ping: never, pool: () => ({ ...pool, password: "x" }) },
    });
    const info = systemInfo();
    expect(info.pool_utilization).toEqual(utilization);
    expect(
      [
        info,
        info.pool_utilization,
        info.pool_utilization?.tasker_pool,
        info.supported_namespaces,
      ].every(Object.isFrozen),
    ).toBe(true);
  });
});
