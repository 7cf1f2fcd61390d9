import { expect, it, onTestFinished } from "vitest";
import type { StepToEnqueue } from "@tasker-observability/producer";
import { createWorkerHarness, eventually, stepNamed } from "../testing/worker-harness.js";

it("an unlogged queue that counts anew after a crash has its steps archived, each run once", async () => {
  const harness = await createWorkerHarness();
  onTestFinished(() => harness.close());
  await harness.query("select pgmq.create_unlogged('payments_queue')");
  const runs: unknown[] = [];
  const Test = async (input: unknown): Promise<void> => void runs.push(input);
  const { worker, ready } = await harness.start({
    handlers: { Test },
    worker: {
      health: { cache_ttl_ms: 0 },
      event_systems: { worker: { metadata: { fallback_poller: { polling_interval_ms: 50 } } } },
    },
  });
  const stepsFrom = (first: number, many: number): [StepToEnqueue] =>
    Array.from({ length: many }, (_, index) => stepNamed("once", first + index)) as [StepToEnqueue];
  const archived = (many: number) => async (): Promise<boolean> =>
    (await harness.count("a_payments_queue")) === many;
  await worker.enqueue(...stepsFrom(100, 30));
  await eventually("the first", archived(30));
  // What a crash leaves of an unlogged table.
  await harness.query("truncate pgmq.q_payments_queue restart identity");
  await worker.enqueue(...stepsFrom(200, 40));
  await eventually("the others", archived(70));
  expect([new Set(runs).size, runs.length]).toEqual([70, 70]);
  expect((await ready()).status).toBe("healthy");
});
