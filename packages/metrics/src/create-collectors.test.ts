import { existsSync } from "node:fs";
import { createFakeClock } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { createCollectors } from "./create-collectors.js";
import { createStepMetrics } from "./steps/step-metrics.js";
import { allPorts, allSources, createTestWorker } from "./testing/test-worker.js";

const { context } = createTestWorker(createFakeClock(), { ports: allPorts });
const steps = { metrics: createStepMetrics(), sink: { inFlight: () => [] } };
const names = createCollectors({ context, steps, ...allSources }).map(({ name }) => name);

it.each(names)("has a test of the collector %s", (name) => {
  const test = `collectors/${name.replaceAll("_", "-")}-collector.test.ts`;
  expect(existsSync(new URL(test, import.meta.url)), `packages/metrics/src/${test}`).toBe(true);
});
