import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { answer, inProcess } from "@tasker-observability/core";
import { everythingShown } from "@tasker-observability/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createWorkerBench, eventually, type WorkerBench } from "./testing/test-worker.js";

const template = { namespace: "payments", name: "secretive", version: "1.0.0" };

let bench: WorkerBench;
beforeAll(async () => {
  bench = await createWorkerBench();
  const text =
    "name: secretive\nnamespace_name: payments\nversion: 1.0.0\nsteps: [{ name: a, handler: { callable: Test, initialization: { api_key: hunter2-template } } }]\n";
  await writeFile(join(dirname(bench.templates), "secretive.yaml"), text);
});
afterAll(() => bench.close());

it("a worker's handlers get the real values, and nothing that is public of it leads there: worker, context, operations, log", async () => {
  const { password } = new URL(bench.database.url);
  expect(password.length).toBeGreaterThan(8);
  const given: unknown[] = [];
  const { worker, log } = await bench.start({
    handlers: { Test: async (_input, { initialization }) => void given.push(initialization) },
    worker: {
      web: {
        enabled: true,
        auth: { enabled: true, api_keys: [{ name: "ops", key: "hunter2-key-of-ops" }] },
      },
    },
  });
  await worker.enqueue({ template, stepName: "a" });
  await eventually("the run", () => given.length === 1);
  expect(given).toEqual([{ api_key: "hunter2-template" }]);
  const { template_get, config_runtime } = worker.operations;
  const answers = [
    await answer(template_get!, template, inProcess),
    await answer(config_runtime!, undefined, inProcess),
  ];
  worker.context.logger("info", `refused ${password}`, { note: "with hunter2-key-of-ops" });
  const shown = everythingShown([worker, answers, log]);
  expect(shown).toContain("refused ***REDACTED***");
  expect(shown).not.toContain("hunter2");
  expect(shown).not.toContain(password);
});
