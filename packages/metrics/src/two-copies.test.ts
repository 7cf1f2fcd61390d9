import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundleForNode, type NodeBundle } from "@tasker-observability/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import type * as Metrics from "./index.js";

const source = `export * from ${JSON.stringify(fileURLToPath(new URL("./index.ts", import.meta.url)))};`;
const folder = fileURLToPath(new URL("..", import.meta.url));
let bundles: readonly NodeBundle[];
beforeAll(async () => {
  bundles = await Promise.all([
    bundleForNode(source, folder, "esm"),
    bundleForNode(source, folder, "cjs"),
  ]);
});
afterAll(() => Promise.all(bundles.map((bundle) => bundle.remove())));

it("the ESM and the CommonJS copy serve one process, each its own worker, and know each other's errors", async () => {
  const [esmFile = "", cjsFile = ""] = bundles.map(({ file }) => file);
  const esm = (await import(/* @vite-ignore */ pathToFileURL(esmFile).href)) as typeof Metrics;
  const cjs = createRequire(cjsFile)(cjsFile) as typeof Metrics;
  expect(esm.createMetricsService).not.toBe(cjs.createMetricsService);
  const services = [esm, cjs].map(({ createMetricsService, createWorkerContext }, index) =>
    createMetricsService({
      context: createWorkerContext({ workerId: `worker-${index}` }),
      nodeMetrics: true,
    }),
  );
  const texts = await Promise.all(services.map((service) => service.prometheusFormat()));
  texts.forEach((text, index) => expect(text).toContain(`worker_id="worker-${index}"`));
  await services[0]!
    .domainEventStats()
    .catch((error: unknown) => expect(cjs.ObservabilityError.isInstance(error)).toBe(true));
  for (const service of services) service.close();
  expect.assertions(4);
});

it("the CommonJS copy's operations fit a service of the ESM copy", async () => {
  const [esmFile = "", cjsFile = ""] = bundles.map(({ file }) => file);
  const esm = (await import(/* @vite-ignore */ pathToFileURL(esmFile).href)) as typeof Metrics;
  const cjs = createRequire(cjsFile)(cjsFile) as typeof Metrics;
  const service = esm.createMetricsService({ context: esm.createWorkerContext() });
  const { metrics_prometheus } = cjs.createMetricsOperations(service);
  const call = {
    signal: new AbortController().signal,
    budgetMs: Number.POSITIVE_INFINITY,
    mediaType: cjs.PROMETHEUS_TEXT,
  };
  await expect(metrics_prometheus.run({}, call)).resolves.toContain("tasker_worker_info");
  service.close();
});
