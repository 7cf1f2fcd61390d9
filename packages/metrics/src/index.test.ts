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
      "createPgmqQueues",
      "createWorkerContext",
      "domainEventStatsSchema",
      "eventRouterStatsSchema",
      "fromPgPool",
      "fromPostgres",
      "inProcessEventBusStatsSchema",
      "pushMetrics",
      "sampleSchema",
      "workerMetricsSchema",
    ]
  `);
});
