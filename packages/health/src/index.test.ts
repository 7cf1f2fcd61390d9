import { expect, it } from "vitest";
import * as health from "./index.js";

it("exports these names", () => {
  expect(Object.keys(health).sort()).toMatchInlineSnapshot(`
    [
      "HealthService",
      "ObservabilityError",
      "basicHealthSchema",
      "classifyFailure",
      "createCircuitBreakersCheck",
      "createCommandProcessorCheck",
      "createDatabaseCheck",
      "createEventSystemCheck",
      "createHealthOperations",
      "createHealthService",
      "createLifecycleCheck",
      "createQueueProcessingCheck",
      "createStepProcessingCheck",
      "createWorkerContext",
      "criticalitySchema",
      "detailedHealthSchema",
      "healthCheckSchema",
      "healthServiceOptionsSchema",
      "healthStatusSchema",
      "liveHealthSchema",
      "poolUtilizationSchema",
      "readyHealthSchema",
      "workerSystemInfoSchema",
    ]
  `);
});
