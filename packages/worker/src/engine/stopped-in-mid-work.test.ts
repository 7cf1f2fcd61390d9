import { setTimeout as sleep } from "node:timers/promises";
import { startTcpProxy } from "@tasker-observability/testkit";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { eventually, stepNamed } from "../testing/worker-harness.js";
import { useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness();
beforeEach(async () => {
  await harness.query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
  await harness.query(
    "create table if not exists runs (step_id text, worker text, attempt int, finished boolean not null default false); truncate runs",
  );
});

const steps = (count: number): [ReturnType<typeof stepNamed>] =>
  Array.from({ length: count }, () => stepNamed("plain")) as [ReturnType<typeof stepNamed>];

describe("a worker that is stopped in mid-work", () => {
  it("is unready immediately, alive to the end, drains, and then is stopped: in this order", async () => {
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

  it("loses no step and runs none twice when another worker takes over", async () => {
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

  it("leaves steps that outlast the drain time-out to other workers, immediately", async () => {
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
      "the drain timed out: other workers will run the unfinished steps again",
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
    const proxy = await startTcpProxy(harness.database.url);
    onTestFinished(() => proxy.close());
    const { worker } = await harness.start({
      url: proxy.url(harness.database.url),
      worker: { shutdown: { drain_timeout_ms: 60_000 } },
    });
    await Promise.all([worker.stop(), worker.stop(), worker.stopped]);
    expect(proxy.connections()).toBe(0);
  });
});
