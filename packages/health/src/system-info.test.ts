import { createWorkerContext, type Ports } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createSystemInfo } from "./system-info.js";

const pool = { size: 3, idle: 2, waiting: 0, max: 10 };

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
      environment: "test",
      uptime_seconds: 61,
      worker_type: "general",
      database_pool_size: 3,
      command_processor_active: true,
      supported_namespaces: ["orders", "payments"],
      pool_utilization: pool,
    });
  });

  it("is null where the worker has no such part, or the part has no numbers", () => {
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
    for (const part of ["size", "idle", "waiting", "max"] as const) {
      given.pool = { ...given.pool, [part]: 17 };
      expect(systemInfo().pool_utilization?.[part]).toBe(17);
    }
    given.state = "paused";
    expect(systemInfo().command_processor_active).toBe(false);
    expect(before).toMatchObject({ command_processor_active: true, pool_utilization: pool });
  });

  it("is frozen, and has only the promised fields of the pool", () => {
    const { systemInfo } = setUp({
      database: { ping: never, pool: () => ({ ...pool, password: "x" }) },
    });
    const info = systemInfo();
    expect(info.pool_utilization).toEqual(pool);
    expect([info, info.pool_utilization, info.supported_namespaces].every(Object.isFrozen)).toBe(
      true,
    );
  });
});
