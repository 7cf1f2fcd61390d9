import { createWorkerContext, type Database, ObservabilityError } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createHealthService } from "./health-service.js";

const database: Database = { ping: async () => undefined, pool: () => null };

describe("the options of a HealthService", () => {
  it("needs nothing", async () => {
    expect(await createHealthService().readiness()).toMatchObject({
      status: "healthy",
      checks: { lifecycle: { status: "healthy" } },
      worker_id: expect.stringMatching(/^worker-/),
    });
  });

  it("prefers the given database to the context's, and leaves the context as it was", async () => {
    const context = createWorkerContext({ ports: { database } });
    const health = createHealthService({
      context,
      database: { ping: () => Promise.reject(new Error("no")), pool: () => null },
    });
    expect((await health.readiness()).checks.database?.status).toBe("unhealthy");
    expect(context.ports.database).toBe(database);
    context.lifecycle.become("draining");
    expect((await health.readiness()).checks.lifecycle?.message).toBe("draining");
  });

  it("passes each setting to its check", async () => {
    const clock = createFakeClock();
    const old = {
      namespace: "orders",
      queue_name: "orders_queue",
      state: "readable",
      depth: 7,
      visible_depth: 7,
      oldest_message_age_seconds: 9,
      oldest_visible_age_seconds: 9,
      depth_estimated: false,
    } as const;
    const context = createWorkerContext({
      clock,
      ports: {
        database: {
          ping: () => new Promise((resolve) => clock.after(30, resolve)),
          pool: () => null,
        },
        commandProcessor: {
          state: () => "running",
          heartbeat: { ageMs: () => 400 },
          slots: () => null,
        },
        queues: { statistics: async () => [old] },
      },
    });
    for (const outcome of ["completed", "failed"] as const)
      context.steps.recorder("orders").finished(outcome, 1);
    const health = createHealthService({
      context,
      slowMs: 20,
      stallAfterMs: 300,
      overflowThreshold: 7,
      maxAgeSeconds: 9,
      errorRate: { minSamples: 2, degraded: 0.3, unhealthy: 0.6 },
      criticality: { command_processor: "optional" },
    });
    const answer = health.detailed();
    await clock.advance(30);
    expect(await answer).toMatchObject({
      status: "degraded",
      checks: {
        database: { status: "degraded", message: "answered after 30 ms" },
        command_processor: { status: "unhealthy", criticality: "optional" },
        queue_processing: {
          message:
            "1 of 1 queues at 7 messages or more: orders_queue (7); 1 of 1 queues with messages waiting for 9 s or longer: orders_queue (9 s)",
        },
        step_processing: { status: "degraded" },
      },
    });
  });

  it("rejects invalid options at construction, all of them at once (npm run generate updates it)", () => {
    const run = () => ({ status: "healthy" }) as const;
    const wrong = () =>
      createHealthService({
        cacheTtlMs: -1,
        checkTimeoutMs: Number.NaN,
        slowMs: "500" as never,
        errorRate: { degraded: 5 },
        criticality: { database: "high" as never, disk: "optional" } as never,
        checks: [{ name: "database", run }],
      });
    expect(wrong).toThrow(ObservabilityError);
    expect(wrong).toThrowErrorMatchingInlineSnapshot(
      `[ObservabilityError: Unknown option "disk" of criticality. It takes lifecycle, database, command_processor, queue_processing, event_system, step_processing, circuit_breakers. A custom check has a criticality of its own. checks[0].name is "database", which another check has already: choose another name. cacheTtlMs must be a number from 0 to 9007199254740991, not -1. checkTimeoutMs must be a number from 1 to 2147483647, not NaN. slowMs must be a number from 0 to 9007199254740991, not a string. errorRate.degraded must be a number from 0 to 1, not 5. criticality.database must be "required" or "optional".]`,
    );
  });

  it.each<[options: unknown, problem: string]>([
    [null, "createHealthService takes an object with the options database, context, "],
    [
      { checkTimeoutMz: 5 },
      'Unknown option "checkTimeoutMz" of createHealthService. Did you mean "checkTimeoutMs"?',
    ],
    [
      { errorRate: { degradet: 1 } },
      'Unknown option "degradet" of errorRate. Did you mean "degraded"?',
    ],
    [
      { errorRate: null },
      "errorRate takes an object with the options minSamples, degraded, unhealthy, not null.",
    ],
    [{ stepProcessing: "yes" }, "stepProcessing must be true or false, not a string."],
    [
      { context: {} },
      "context must be a WorkerContext, but lacks identity, ports, steps, clock, lifecycle, liveness. createWorkerContext() makes one.",
    ],
  ])("rejects %j", (options, problem) => {
    expect(() => createHealthService(options as never)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringContaining(problem),
      }),
    );
  });

  it("rejects an invalid database", () => {
    for (const none of [
      null,
      {},
      "postgres://u:p@h/db",
      { connect: () => undefined },
      () => undefined,
    ]) {
      expect(() => createHealthService({ database: none as never })).toThrow(
        "database must be a pg Pool, postgres.js' sql, a query builder's or ORM's handle, or { ping: async (signal) => … } around any other, not ",
      );
    }
  });
});
