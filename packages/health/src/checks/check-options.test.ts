import { describe, expect, it } from "vitest";
import { createCircuitBreakersCheck } from "./circuit-breakers-check.js";
import { createCommandProcessorCheck } from "./command-processor-check.js";
import { createDatabaseCheck } from "./database-check.js";
import { createEventSystemCheck } from "./event-system-check.js";
import { createLifecycleCheck } from "./lifecycle-check.js";
import { createQueueProcessingCheck } from "./queue-processing-check.js";
import { createStepProcessingCheck } from "./step-processing-check.js";

describe("the options of a check", () => {
  it.each<[port: string, lacks: string, create: (options: never) => unknown]>([
    ["circuitBreakers", "CircuitBreakers, but lacks states", createCircuitBreakersCheck],
    ["commandProcessor", "a CommandProcessor, but lacks state, slots", createCommandProcessorCheck],
    ["database", "a Database, but lacks ping", createDatabaseCheck],
    ["eventSystem", "an EventSystem, but lacks listener, poller", createEventSystemCheck],
    ["lifecycle", "a Lifecycle, but lacks current", createLifecycleCheck],
    ["queues", "MessageQueues, but lacks statistics", createQueueProcessingCheck],
    ["steps", "StepStatistics, but lacks window", createStepProcessingCheck],
  ])("are checked all at once, those of %s too", (port, lacks, create) => {
    const options = { [port]: {}, critically: true, criticality: "high" };
    const clock = port === "database" || port === "commandProcessor";
    expect(() => create(options as never)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: [
          `Unknown option "critically" of ${create.name}. Did you mean "criticality"?`,
          `${port} must be ${lacks}.`,
          ...(clock ? ["clock must be a Clock, but is missing."] : []),
          'criticality must be "required" or "optional".',
        ].join(" "),
      }),
    );
  });
});
