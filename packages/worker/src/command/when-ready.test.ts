import { createWorkerContext, type Operations } from "@tasker-observability/core";
import { createHealthOperations, createHealthService } from "@tasker-observability/health";
import { createFakeClock, waitFor } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { whenReady } from "./when-ready.js";

/** A worker whose one check is as a test says. */
function createChecked() {
  const clock = createFakeClock();
  const context = createWorkerContext({ clock });
  let status: "healthy" | "unhealthy" = "unhealthy";
  let asked = 0;
  const check = {
    name: "mine",
    criticality: "required" as const,
    probes: ["ready"] as const,
    run: async () => ({ status, message: String((asked += 1)) }),
  };
  const health = createHealthService({ context, checks: [check] });
  const operations: Operations = createHealthOperations(health);
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const worker = { operations, context, stopped };
  return { clock, worker, stop, heal: () => (status = "healthy"), wasAsked: () => asked > 0 };
}

describe("whenReady", () => {
  it("resolves true once the worker is ready", async () => {
    const { clock, worker, heal, wasAsked } = createChecked();
    let isReady = false;
    void whenReady(worker).then((ready) => (isReady = ready));
    await waitFor(wasAsked, { what: "the first answer" });
    await clock.advance(10_000);
    expect(isReady).toBe(false);
    heal();
    await waitFor(async () => (await clock.advance(100), isReady), { what: "readiness" });
  });

  it("asks again after an error", async () => {
    const { clock, worker, heal } = createChecked();
    const health_ready = worker.operations.health_ready!;
    heal();
    let asked = 0;
    const run = (...args: Parameters<typeof health_ready.run>): unknown => {
      asked += 1;
      if (asked === 1) throw new Error("no answer");
      return health_ready.run(...args);
    };
    const operations: Operations = { health_ready: { ...health_ready, run } };
    const ready = whenReady({ ...worker, operations });
    await waitFor(() => asked === 1, { what: "the error" });
    await waitFor(async () => (await clock.advance(100), asked === 2), { what: "another answer" });
    expect(await ready).toBe(true);
  });

  it("resolves false when the worker stops, even if the clock stands still", async () => {
    const { worker, stop, wasAsked } = createChecked();
    const ready = whenReady(worker);
    await waitFor(wasAsked, { what: "the first answer" });
    stop();
    expect(await ready).toBe(false);
  });
});
