import { everythingShown } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { createBridgeFunctions } from "./functions.js";
import { createSampleWorker } from "./testing/sample-worker.js";

it("nothing that is public leads to the secrets of configuration and templates: facade, functions, operations, context", async () => {
  const { context, observability } = createSampleWorker();
  const functions = createBridgeFunctions(observability.operations);
  await observability.templateGet({ namespace: "payments", name: "charge", version: "1.0.0" });
  await functions.config_runtime();
  const shown = everythingShown([observability, functions, observability.operations, context]);
  expect(shown).toContain("config_runtime");
  expect(shown).not.toMatch(/hunter2|sk_test_/);
});
