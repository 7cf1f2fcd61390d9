import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inProcess, invoke } from "@tasker-observability/core";
import type { CacheStats, TemplateDetail } from "@tasker-observability/templates";
import { createFakeClock } from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageVersion } from "../version.js";
import {
  createWorkerHarness,
  type TestWorker,
  type WorkerHarness,
} from "../testing/worker-harness.js";

const names = ["refund", "charge", "ship"] as const;

let harness: WorkerHarness;
beforeAll(async () => {
  harness = await createWorkerHarness();
  for (const name of names.slice(1))
    await writeFile(
      join(dirname(harness.templates), `${name}.yaml`),
      `name: ${name}\nnamespace_name: payments\nversion: 1.0.0\nsteps: []\n`,
    );
});
afterAll(() => harness.close());

const ask = <Answer>(
  { worker }: TestWorker,
  operation: string,
  params: object = {},
): Promise<Answer> => invoke(worker.operations[operation]!, params, inProcess) as Promise<Answer>;
const template = (test: TestWorker, name: string): Promise<TemplateDetail> =>
  ask(test, "template_get", { namespace: "payments", name, version: "1.0.0" });
const scrape = (test: TestWorker): Promise<string> => ask(test, "metrics_prometheus");

describe("the worker's metrics", () => {
  it.each([true, false])(
    "have those of the process if node_metrics is %s",
    async (node_metrics) => {
      const text = await scrape(await harness.start({ worker: { metrics: { node_metrics } } }));
      for (const name of ["process_cpu_seconds_total", "process_resident_memory_bytes"])
        expect(text.includes(name)).toBe(node_metrics);
    },
  );

  it("have them by default", async () => {
    expect(await scrape(await harness.start({}))).toContain("nodejs_eventloop_lag_p99_seconds");
  });

  it.each([
    ["duration_buckets_seconds", "tasker_worker_step_duration_seconds"],
    ["wait_buckets_seconds", "tasker_worker_step_wait_seconds"],
  ])("have the bounds of %s in their histogram", async (key, family) => {
    const test = await harness.start({ worker: { metrics: { [key]: [0.25, 90] } } });
    const recorder = test.worker.context.steps.recorder("payments");
    recorder.started(30);
    recorder.finished("completed", 30);
    const boundsIn = (text: string): string[] =>
      [...text.matchAll(new RegExp(`^${family}_bucket{.*le="([^"]+)"`, "gm"))].map(
        ([, bound]) => bound ?? "",
      );
    expect(new Set(boundsIn(await scrape(test)))).toEqual(new Set(["0.25", "90.0", "+Inf"]));
  });

  it("name the application's version, and ours beside it", async () => {
    const text = await scrape(await harness.start({ worker: { version: "2.4.1" } }));
    expect(text).toContain('tasker_worker_info{version="2.4.1",');
    expect(text).toContain(`tasker_worker_build_info{observability_version="${packageVersion}"`);
  });
});

describe("worker.templates", () => {
  it.each([1, 2])(
    "cache_max_entries %i: as many are kept, the others are evicted",
    async (cache_max_entries) => {
      const test = await harness.start({ worker: { templates: { cache_max_entries } } });
      for (const name of names) await template(test, name);
      expect(await ask<CacheStats>(test, "templates_cache_stats")).toMatchObject({
        total_entries: cache_max_entries,
        evictions: names.length - cache_max_entries,
      });
    },
  );

  it.each([
    [5, false],
    [20, true],
  ])(
    "cache_ttl_seconds %i: after ten seconds an answer is cached: %s",
    async (cache_ttl_seconds, cached) => {
      const clock = createFakeClock();
      const test = await harness.start({ clock, worker: { templates: { cache_ttl_seconds } } });
      await template(test, "refund");
      await clock.advance(10_000);
      expect((await template(test, "refund")).cached).toBe(cached);
    },
  );
});

describe("worker.metrics", () => {
  it.each([
    [100, 0],
    [5_000, 1],
  ])(
    "collector_timeout_ms %i: of a source that answers after a second, success is %i",
    async (collector_timeout_ms, success) => {
      const clock = createFakeClock();
      const slow = {
        name: "slow",
        run: () =>
          new Promise<{ status: "healthy" }>((resolve) =>
            clock.after(1_000, () => resolve({ status: "healthy" })),
          ),
      };
      const test = await harness.start({
        clock,
        checks: [slow],
        worker: { metrics: { collector_timeout_ms } },
      });
      const text = scrape(test);
      await clock.advance(1_000);
      expect(await text).toContain(
        `tasker_worker_collector_success{collector="health"} ${success}\n`,
      );
    },
  );

  it.each([
    [0, 1],
    [60_000, 0],
  ])(
    "cache_ttl_ms %i: after a template was read, a second scrape sees %i",
    async (cache_ttl_ms, entries) => {
      const test = await harness.start({ worker: { metrics: { cache_ttl_ms } } });
      expect(await scrape(test)).toContain("tasker_worker_template_cache_entries 0\n");
      await template(test, "refund");
      expect(await scrape(test)).toContain(`tasker_worker_template_cache_entries ${entries}\n`);
    },
  );
});

it("worker_id, worker_type and common.execution.environment appear in every answer", async () => {
  const { detailed } = await harness.start({
    worker: { worker_id: "w-77", worker_type: "billing" },
    common: { execution: { environment: "staging" } },
  });
  expect(await detailed()).toMatchObject({
    worker_id: "w-77",
    system_info: { worker_type: "billing", environment: "staging" },
  });
});
