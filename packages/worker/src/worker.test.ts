import { setTimeout as sleep } from "node:timers/promises";
import { startTcpProxy, type TcpProxy } from "@tasker-observability/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createWorker } from "./create-worker.js";
import {
  createWorkerHarness,
  eventually,
  startTestWorker,
  stepNamed,
  testOptions,
  type WorkerHarness,
} from "./testing/worker-harness.js";

let harness: WorkerHarness;
let proxy: TcpProxy;
beforeAll(async () => {
  harness = await createWorkerHarness();
  proxy = await startTcpProxy(harness.database.url);
});
afterAll(async () => {
  await proxy.close();
  await harness.close();
});
beforeEach(async () => {
  await harness.query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
  await harness.query(
    "create table if not exists runs (step_id text, worker text, attempt int, finished boolean not null default false); truncate runs",
  );
});
afterEach(() => proxy.restore());

const steps = (count: number, stepName = "plain"): [ReturnType<typeof stepNamed>] =>
  Array.from({ length: count }, () => stepNamed(stepName)) as [ReturnType<typeof stepNamed>];

describe("a worker that is stopped in mid-work", () => {
  it("is not ready at once, alive to the end, drains, and then is stopped: in this order", async () => {
    const order: string[] = [];
    const { worker, ready, live } = await harness.start({
      handlers: {
        Test: async () => {
          await eventually("the drain", () => worker.context.lifecycle.current() === "draining");
          order.push(`${(await ready()).status} and ${(await live()).status} while the step runs`);
        },
      },
    });
    await worker.enqueue(stepNamed("plain"));
    await eventually("the run", () => worker.context.steps.window().in_flight === 1);
    expect((await ready()).status).toBe("healthy");
    const stopping = worker.stop().then(() => order.push("stopped"));
    expect((await ready()).checks.lifecycle).toMatchObject({
      status: "unhealthy",
      message: "draining",
    });
    await stopping;
    expect(order).toEqual(["unhealthy and alive while the step runs", "stopped"]);
    expect([worker.context.lifecycle.current(), await harness.count("a_payments_queue")]).toEqual([
      "stopped",
      1,
    ]);
    await expect(ready()).rejects.toMatchObject({ code: "WORKER_NOT_RUNNING" });
  });

  it("loses no step and runs none twice, with another worker taking over", async () => {
    const handlersOf = (name: string) => ({
      Test: async (
        _input: unknown,
        { step }: { readonly step: { readonly step_id: string; readonly attempt: number } },
      ) => {
        await harness.query("insert into runs values ($1, $2, $3, false)", [
          step.step_id,
          name,
          step.attempt,
        ]);
        await sleep(20);
        await harness.query("update runs set finished = true where step_id = $1 and worker = $2", [
          step.step_id,
          name,
        ]);
      },
    });
    const first = await harness.start({ handlers: handlersOf("first") });
    await first.worker.enqueue(...steps(300));
    await eventually(
      "work in full swing",
      async () => (await harness.query("select from runs where finished")).length > 20,
    );
    const second = await harness.start({ handlers: handlersOf("second") });
    await first.worker.stop();
    expect(await harness.query("select from runs where worker = 'first' and not finished")).toEqual(
      [],
    );
    await eventually(
      "the end of the backlog",
      async () => (await harness.count("a_payments_queue")) === 300,
    );
    await second.worker.stop();
    expect(
      await harness.query(
        "select count(*)::int as runs, count(distinct step_id)::int as steps, max(attempt) as attempts from runs where finished",
      ),
    ).toEqual([{ runs: 300, steps: 300, attempts: 1 }]);
    expect((await harness.query("select distinct worker from runs")).length).toBe(2);
  });

  it("leaves to others, at once, what outlasts the drain time-out", async () => {
    const signals: AbortSignal[] = [];
    const Test = (
      _input: unknown,
      { signal }: { readonly signal: AbortSignal },
    ): Promise<unknown> => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    const { worker, log } = await harness.start({
      handlers: { Test },
      worker: { shutdown: { drain_timeout_ms: 300 } },
    });
    await worker.enqueue(...steps(3));
    await eventually("the runs", () => signals.length === 3);
    const startedAtMs = performance.now();
    await worker.stop();
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(299);
    expect(signals.map((signal) => (signal.reason as { code: string }).code)).toEqual(
      Array(3).fill("drain_timeout"),
    );
    expect(log.map((line) => line.message)).toContain(
      "the drain ran out of time; other workers will take what was running",
    );
    expect(
      await harness.query(
        "select distinct vt <= clock_timestamp() as visible, read_ct from pgmq.q_payments_queue",
      ),
    ).toEqual([{ visible: true, read_ct: 1 }]);
    const runs: number[] = [];
    await harness.start({
      handlers: { Test: async (_input, { step }) => void runs.push(step.attempt) },
    });
    await eventually("the other worker's runs", () => runs.length === 3);
    expect(runs).toEqual([2, 2, 2]);
  });

  it("stops as soon as nothing runs, long before its drain time-out, and closes its connections", async () => {
    const { worker } = await harness.start({
      url: proxy.url(harness.database.url),
      worker: { shutdown: { drain_timeout_ms: 60_000 } },
    });
    await Promise.all([worker.stop(), worker.stop(), worker.stopped]);
    expect(proxy.connections()).toBe(0);
  });
});

describe("a worker whose database is away", () => {
  it("waits for it at its start: not ready, alive, and running once it answers", async () => {
    await proxy.cut();
    const worker = await createWorker(
      testOptions({ url: proxy.url(harness.database.url), templates: harness.templates }),
    );
    const starting = worker.start();
    await eventually("the wait", () => worker.context.lifecycle.current() === "starting");
    expect(worker.context.liveness.verdict()).toBeNull();
    await proxy.restore();
    await starting;
    expect(worker.context.lifecycle.current()).toBe("running");
    await worker.stop();
  });

  it("can be stopped while it waits", async () => {
    await proxy.cut();
    const worker = await createWorker(
      testOptions({ url: proxy.url(harness.database.url), templates: harness.templates }),
    );
    const starting = worker.start();
    await eventually("the wait", () => worker.context.lifecycle.current() === "starting");
    await Promise.all([
      worker.stop(),
      expect(starting).rejects.toThrow("stopped before its database could be reached"),
    ]);
    expect(worker.context.lifecycle.current()).toBe("stopped");
  });

  it("stops though the network swallows everything, a step's outcome included", async () => {
    let end: () => void = () => undefined;
    const { worker } = await startTestWorker({
      url: proxy.url(harness.database.url),
      templates: harness.templates,
      handlers: { Test: () => new Promise<void>((resolve) => (end = resolve)) },
      worker: { shutdown: { drain_timeout_ms: 500 } },
    });
    await worker.enqueue(stepNamed("plain"));
    await eventually("the run", () => worker.context.steps.window().in_flight === 1);
    proxy.blackhole();
    end();
    await worker.stop();
    expect(worker.context.lifecycle.current()).toBe("stopped");
  });

  it("is alive however long the network swallows everything, and not ready", async () => {
    const { worker, live, ready } = await harness.start({
      url: proxy.url(harness.database.url),
      worker: { health: { stall_after_ms: 1_000, check_timeout_ms: 200, cache_ttl_ms: 0 } },
    });
    proxy.blackhole();
    await eventually(
      "a database that does not answer",
      async () => (await ready()).checks.database?.status === "unhealthy",
    );
    const { heartbeat } = worker.context.ports.commandProcessor!;
    for (let beat = 0; beat < 3; beat += 1) {
      await eventually("a beat that grows old", () => heartbeat!.ageMs() > 500);
      await eventually("another beat", () => heartbeat!.ageMs() < 500);
    }
    expect(await ready()).toMatchObject({
      status: "unhealthy",
      checks: { command_processor: { status: "healthy" } },
    });
    expect(await live()).toMatchObject({ status: "alive", reason: null });
  });
});

describe("a worker", () => {
  it("is started once", async () => {
    const { worker } = await harness.start();
    await expect(worker.start()).rejects.toThrow(
      "This worker was started before: create a new one.",
    );
    expect(worker.context.lifecycle.current()).toBe("running");
  });

  it("that was never started can be stopped, and not started afterwards", async () => {
    const worker = await createWorker(
      testOptions({ url: harness.database.url, templates: harness.templates }),
    );
    await worker.stop();
    await expect(worker.start()).rejects.toThrow();
    expect(worker.context.lifecycle.current()).toBe("stopped");
  });

  it("says what to do where its database refuses it, and is stopped by then", async () => {
    const url = new URL(harness.database.url);
    url.password = "wrong";
    const worker = await createWorker(testOptions({ url: url.href, templates: harness.templates }));
    await expect(worker.start()).rejects.toThrow(
      "The database refused the worker: authentication_failed. Check common.database.url (DATABASE_URL).",
    );
    expect(worker.context.lifecycle.current()).toBe("stopped");
  });

  it("takes the steps of one namespace at a time", async () => {
    const { worker } = await harness.start();
    const other = {
      ...stepNamed("plain"),
      template: { namespace: "orders", name: "x", version: "1.0.0" },
    };
    await expect(worker.enqueue(stepNamed("plain"), other)).rejects.toThrow(
      "enqueue takes the steps of one namespace at a time.",
    );
    expect(await harness.count("q_payments_queue")).toBe(0);
  });

  it("with a backlog of 100 000 messages is degraded, and ready", async () => {
    const { worker, ready, detailed } = await harness.start();
    worker.pause();
    await harness.query(
      "insert into pgmq.q_payments_queue (vt, message) select now(), '{}' from generate_series(1, 100000)",
    );
    await eventually(
      "the degradation",
      async () => (await detailed()).checks.queue_processing?.status === "degraded",
    );
    const { status, checks } = await ready();
    expect(status).toBe("healthy");
    expect(checks.queue_processing).toMatchObject({ status: "degraded", criticality: "required" });
    expect((await detailed()).status).toBe("degraded");
  });
});
