import { operationNames } from "@tasker-observability/core";
import { collectShown } from "@tasker-observability/testkit";
import { expect, it, onTestFinished, vi } from "vitest";
import { createBridgeFunctions } from "./functions.js";
import { openTransports } from "./testing/open-transports.js";
import { createSampleWorker } from "./testing/sample-worker.js";

const charge = { namespace: "payments", name: "charge", version: "1.0.0" };

it("nothing that is public leads to the secrets of configuration and templates: facade, functions, operations, context", async () => {
  const { context, observability } = createSampleWorker();
  const functions = createBridgeFunctions(observability.operations);
  await observability.templateGet(charge);
  await functions.config_runtime();
  const shown = collectShown([observability, functions, observability.operations, context]);
  expect(shown).toContain("config_runtime");
  expect(shown).not.toMatch(/hunter2|sk_test_/);
});

it("no answer contains any part of the process's command line or environment", async () => {
  const [argv, execArgv] = [process.argv, process.execArgv];
  onTestFinished(() => {
    Object.assign(process, { argv, execArgv });
    vi.unstubAllEnvs();
  });
  Object.assign(process, { argv: [...argv, "--swordfish"], execArgv: ["--title=swordfish"] });
  vi.stubEnv("INNOCENT", "swordfish");
  vi.stubEnv("NODE_OPTIONS", "--title=swordfish");
  const { observability } = createSampleWorker();
  const answers = (await openTransports(observability.operations)).flatMap(({ call }) =>
    operationNames.map((name) => call(name, name.startsWith("template_") ? charge : undefined)),
  );
  const said = (await Promise.all(answers)).join("\n");
  expect(said).toContain('"worker_id":"sample-1"');
  expect(said).not.toContain("swordfish");
});
