import { expect, it } from "vitest";
import * as metrics from "./index.js";

it("exports these names and no others", () => {
  expect(Object.keys(metrics).sort()).toMatchInlineSnapshot(`
    [
      "OPENMETRICS_TEXT",
      "ObservabilityError",
      "PROMETHEUS_TEXT",
      "createMetricsOperations",
      "createMetricsService",
      "createWorkerContext",
      "domainEventStatsSchema",
      "eventRouterStatsSchema",
      "inProcessEventBusStatsSchema",
      "metricsServiceOptionsSchema",
      "pushMetrics",
      "sampleSchema",
      "workerMetricsSchema",
    ]
  `);
});
