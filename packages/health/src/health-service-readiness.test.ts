import { describe, expect, it } from "vitest";
import { readyHealthSchema } from "./schemas/detailed-health.js";
import { pool, ports, setUp } from "./testing/health-service.js";

describe("readiness", () => {
  it("runs the four readiness checks, in their order, and has the promised shape", async () => {
    const health = await setUp().health.readiness();
    expect(Object.keys(health.checks)).toEqual([
      "lifecycle",
      "database",
      "command_processor",
      "queue_processing",
    ]);
    expect(readyHealthSchema.parse(health)).toEqual(health);
    expect(
      [
        health,
        health.checks,
        health.system_info,
        health.system_info.supported_namespaces,
        ...Object.values(health.checks),
      ].every(Object.isFrozen),
    ).toBe(true);
  });

  it("is unhealthy when a required check is", async () => {
    const { health } = setUp({
      ports: {
        ...ports,
        database: {
          ping: () => Promise.reject(Object.assign(new Error(), { code: "ECONNREFUSED" })),
          pool: () => pool,
        },
      },
    });
    expect(await health.readiness()).toMatchObject({
      status: "unhealthy",
      checks: { database: { status: "unhealthy", message: "connection_refused" } },
    });
  });

  it("stays healthy with degraded and with unhealthy optional checks, and lists them", async () => {
    const { health } = setUp({
      ports: { ...ports, commandProcessor: { ...ports.commandProcessor, state: () => "paused" } },
      checks: [
        {
          name: "mail",
          probes: ["ready"],
          run: () => ({ status: "unhealthy", message: "no mail" }),
        },
      ],
    });
    expect(await health.readiness()).toMatchObject({
      status: "healthy",
      checks: {
        command_processor: { status: "degraded" },
        mail: { status: "unhealthy", message: "no mail" },
      },
    });
  });

  it("runs a custom check only in its probes, and fails with a required one", async () => {
    const run = () => ({ status: "unhealthy" }) as const;
    const { health } = setUp({
      checks: [
        { name: "disk", run },
        { name: "mail", run, probes: ["ready"], criticality: "required" },
      ],
    });
    const ready = await health.readiness();
    expect(Object.keys(ready.checks).slice(4)).toEqual(["mail"]);
    expect(ready.status).toBe("unhealthy");
    expect(Object.keys((await health.detailed()).checks).slice(-2)).toEqual(["disk", "mail"]);
  });

  it("runs a required custom check by default, and reads no result as healthy", async () => {
    const { health } = setUp({
      checks: [
        { name: "fine", criticality: "required", run: () => undefined },
        { name: "broken", criticality: "required", run: () => Promise.reject(new Error("no")) },
        { name: "hidden", criticality: "required", probes: ["detailed"], run: () => undefined },
      ],
    });
    const ready = await health.readiness();
    expect(ready).toMatchObject({
      status: "unhealthy",
      checks: { fine: { status: "healthy", message: null }, broken: { status: "unhealthy" } },
    });
    expect(ready.checks).not.toHaveProperty("hidden");
  });

  it("is unhealthy as soon as the worker drains, despite the cache", async () => {
    const { context, health } = setUp();
    expect((await health.readiness()).status).toBe("healthy");
    context.lifecycle.become("draining");
    expect(await health.readiness()).toMatchObject({
      status: "unhealthy",
      checks: {
        lifecycle: { message: "draining", cached: false },
        database: { status: "healthy", cached: true },
      },
    });
  });

  it("is unhealthy when the worker starts to drain while other checks run", async () => {
    const { clock, context, health } = setUp({
      ports: {
        database: {
          ping: () => new Promise((resolve) => clock.after(100, resolve)),
          pool: () => null,
        },
      },
    });
    const answer = health.readiness();
    context.lifecycle.become("draining");
    await clock.advance(100);
    expect(await answer).toMatchObject({
      status: "unhealthy",
      checks: { lifecycle: { message: "draining" } },
    });
  });
});
