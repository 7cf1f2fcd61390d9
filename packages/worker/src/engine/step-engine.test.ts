import {
  type Clock,
  createWorkerContext,
  systemClock,
  type WorkerContext,
} from "@tasker-observability/core";
import { createHealthService } from "@tasker-observability/health";
import { fromPgPool, type SqlClient } from "@tasker-observability/postgres";
import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import pg from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createBreaker } from "../settling/breaker.js";
import { eventually, stepNamed, type TestWorker } from "../testing/worker-harness.js";
import type { StepEngineOptions } from "./engine-options.js";
import { StepEngine } from "./step-engine.js";
import { queuesOf } from "../queues/step-queues.js";
import { dropQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(dropQueues);

/** Lets time pass on the fake clock, second by second, and the worker's statements come back in between. */
async function pass({ worker }: TestWorker, clock: FakeClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await clock.advance(1_000);
    await eventually("an idle pool", () => {
      const pool = worker.context.ports.database?.pool() ?? null;
      return pool !== null && pool.idle === pool.size && pool.waiting === 0;
    });
  }
}

function openPool(): SqlClient {
  const pool = new pg.Pool({ connectionString: harness.database.url });
  onTestFinished(() => pool.end());
  return fromPgPool(pool);
}

function createTestEngine(
  context: WorkerContext,
  options: Partial<StepEngineOptions> = {},
): StepEngine {
  return new StepEngine({
    context,
    client: options.client ?? openPool(),
    queues: [queuesOf("payments")],
    findPlan: () => Promise.reject(new Error("no plans here")),
    concurrency: 1,
    bufferSize: 10,
    batchSize: 1,
    pollingIntervalMs: 20,
    visibilityTimeoutSeconds: 30,
    unknownStepGiveBackSeconds: 600,
    acquireTimeoutMs: 1_000,
    listenUrlSetting: "listenUrl",
    outcomeBreaker: createBreaker({ name: "completion" }),
    ...options,
  });
}

const forEver = (): Promise<unknown> => new Promise(() => undefined);
const twoSlots = {
  mpsc_channels: { handler_dispatch: { max_concurrent_handlers: 2, handler_timeout_ms: 10_000 } },
};
const commandProcessor = async ({ detailed }: TestWorker): Promise<unknown> => {
  const { status, message } = (await detailed()).checks.command_processor!;
  return { status, message };
};

describe("a wedged worker", () => {
  it("whose slots are all taken by handlers that never end is unready within its window, and dead after two", async () => {
    const clock = createFakeClock();
    const test = await harness.start({
      clock,
      handlers: { Test: forEver },
      worker: { ...twoSlots, health: { stall_after_ms: 8_000 } },
    });
    await test.worker.enqueue(stepNamed("plain"), stepNamed("plain"), stepNamed("plain"));
    await eventually("full slots", async () => {
      await pass(test, clock, 1);
      return test.worker.context.steps.window().in_flight === 2;
    });
    await pass(test, clock, 12);
    expect(await commandProcessor(test)).toEqual({
      status: "healthy",
      message: expect.stringMatching(/^running, \d+ of \d+ slots busy$/),
    });
    // Overdue five seconds after their time-out; stalled eight seconds later.
    for (let second = 0; second < 15 && (await test.ready()).status === "healthy"; second += 1)
      await pass(test, clock, 1);
    expect(await commandProcessor(test)).toMatchObject({
      status: "unhealthy",
      message: expect.stringMatching(/^every slot overdue for \d+ ms$/),
    });
    expect((await test.live()).status).toBe("alive");
    await pass(test, clock, 10);
    expect(await test.live()).toMatchObject({ status: "dead", reason: "claim_loop_stopped" });
    expect((await test.detailed()).checks.event_system!.status).toBe("healthy");
  });

  it("whose loop has broken is unready and dead immediately", async () => {
    let isBroken = false;
    const context = createWorkerContext();
    const faulty: Clock = {
      ...systemClock,
      after(delayMs, run) {
        if (isBroken) throw new Error("a fault in the loop");
        return systemClock.after(delayMs, run);
      },
    };
    const engine = createTestEngine({ ...context, clock: faulty });
    const health = createHealthService({
      context: createWorkerContext({ ports: { commandProcessor: engine.commandProcessor } }),
    });
    engine.start(null);
    await eventually("a running loop", () => engine.commandProcessor.state() === "running");
    isBroken = true;
    await eventually("the report", () => context.liveness.deadReason() === "claim_loop_stopped");
    isBroken = false;
    expect((await health.readiness()).checks.command_processor).toMatchObject({
      status: "unhealthy",
      message: "stopped",
    });
    expect(engine.eventSystem.poller()).toBe("down");
    await engine.drain(0);
  });
});

describe("a worker that is not wedged", () => {
  it("is healthy while it is idle for minutes", async () => {
    const clock = createFakeClock();
    const test = await harness.start({ clock, worker: { health: { stall_after_ms: 5_000 } } });
    await pass(test, clock, 60);
    expect(await commandProcessor(test)).toEqual({
      status: "healthy",
      message: expect.stringMatching(/^running, \d+ of \d+ slots busy$/),
    });
    expect((await test.live()).status).toBe("alive");
  });

  it("is healthy while it is full, with a step that takes long within its time-out", async () => {
    const clock = createFakeClock();
    const ends: (() => void)[] = [];
    let isOver = false;
    const handlers = {
      Test: () => (isOver ? Promise.resolve() : new Promise<void>((resolve) => ends.push(resolve))),
    };
    const longTimeout = {
      mpsc_channels: {
        handler_dispatch: { max_concurrent_handlers: 2, handler_timeout_ms: 120_000 },
      },
    };
    const test = await harness.start({
      clock,
      handlers,
      worker: { ...longTimeout, health: { stall_after_ms: 5_000 } },
    });
    await test.worker.enqueue(...(Array.from({ length: 10 }, () => stepNamed("plain")) as [never]));
    await eventually("full slots", async () => {
      await pass(test, clock, 1);
      return ends.length === 2;
    });
    await pass(test, clock, 60);
    expect(await commandProcessor(test)).toEqual({
      status: "healthy",
      message: expect.stringMatching(/^running, \d+ of \d+ slots busy$/),
    });
    expect((await test.live()).status).toBe("alive");
    expect(ends).toHaveLength(2);
    isOver = true;
    for (const end of ends) end();
  });

  it("is degraded, ready and alive while it is paused", async () => {
    const test = await harness.start();
    test.worker.pause();
    expect(await commandProcessor(test)).toEqual({ status: "degraded", message: "paused" });
    expect([(await test.ready()).status, (await test.live()).status]).toEqual(["healthy", "alive"]);
    test.worker.resume();
  });
});

it("a worker behind a late event loop claims less often, given a limit for the lag", async () => {
  // Without chance in when it polls, runs can be compared.
  const random = vi.spyOn(Math, "random").mockReturnValue(0.5);
  onTestFinished(() => random.mockRestore());
  const clock = createFakeClock();
  const context = createWorkerContext({
    clock: { ...clock, after: (delayMs, run) => clock.after(delayMs + 500, run) },
  });
  const countPolls = async (maxEventLoopLagMs: number | undefined): Promise<number> => {
    let polls = 0;
    const query = async ({ text }: { readonly text: string }): Promise<[]> => (
      (polls += text.includes("pgmq.read") ? 1 : 0),
      []
    );
    const engine = createTestEngine(context, {
      client: { withConnection: (use) => use({ query }) },
      maxEventLoopLagMs,
    });
    engine.start(null);
    await clock.advance(60_000);
    await Promise.all([engine.drain(0), clock.advance(10_000)]);
    return polls;
  };
  const [unasked, tolerant, throttled] = [
    await countPolls(undefined),
    await countPolls(501),
    await countPolls(499),
  ];
  expect(tolerant).toBe(unasked);
  expect(throttled).toBeLessThan(unasked * 0.6);
  expect(throttled).toBeGreaterThan(10);
});
