import { describe, expect, it } from "vitest";
import {
  eventually,
  type Sections,
  stepNamed,
  type TestWorker,
} from "../testing/worker-harness.js";
import { dropQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(dropQueues);

const check = async ({ detailed }: TestWorker, name: string) => (await detailed()).checks[name]!;
const health = (keys: Sections): { worker: Sections } => ({
  worker: { health: { cache_ttl_ms: 0, ...keys } },
});

/** A worker that has run ten steps, two of which failed. */
async function runTen(worker: Sections): Promise<TestWorker> {
  const Test = async (input: unknown): Promise<void> => {
    if (input === "fail") throw Object.assign(new Error("no"), { retryable: false });
  };
  const test = await harness.start({ handlers: { Test }, worker });
  await test.worker.enqueue(
    ...(Array.from({ length: 10 }, (_, index) => stepNamed("plain", index < 2 ? "fail" : null)) as [
      ReturnType<typeof stepNamed>,
    ]),
  );
  await eventually("the steps", () => test.worker.context.steps.window().samples === 10);
  return test;
}

describe("worker.health.error_rate, with 2 of 10 steps failing", () => {
  it.each([
    ["by default has too few samples", {}, "healthy"],
    ["min_samples 10: the rate counts", { min_samples: 10 }, "unhealthy"],
    ["min_samples 11: the rate is ignored", { min_samples: 11 }, "healthy"],
    ["unhealthy 0.3: is degraded", { min_samples: 10, unhealthy: 0.3 }, "degraded"],
    ["degraded 0.25: is healthy", { min_samples: 10, degraded: 0.25, unhealthy: 0.3 }, "healthy"],
    ["window_seconds 77: says so", { min_samples: 10, window_seconds: 77 }, "unhealthy"],
  ])("%s", async (_what, error_rate, status) => {
    const test = await runTen(health({ error_rate }).worker);
    const seconds = "window_seconds" in error_rate ? error_rate.window_seconds : 300;
    expect(await check(test, "step_processing")).toMatchObject({
      status,
      message: `2 of 10 steps failed in the last ${seconds} s`,
    });
  });

  it.each([
    [0.25, "healthy"],
    [0.15, "degraded"],
  ])(
    "takes its lower bound from the older health_monitoring.error_rate_threshold %s: is %s",
    async (error_rate_threshold, status) => {
      const test = await runTen({
        health: { cache_ttl_ms: 0, error_rate: { min_samples: 10, unhealthy: 0.3 } },
        health_monitoring: { error_rate_threshold },
      });
      expect((await check(test, "step_processing")).status).toBe(status);
    },
  );
});
