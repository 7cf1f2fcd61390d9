import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { answer, inProcess } from "@tasker-observability/core";
import { collectShown } from "@tasker-observability/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runDeadLetters } from "../dead-letters/run-dead-letters.js";
import {
  createWorkerHarness,
  eventually,
  testConfig,
  type WorkerHarness,
} from "../testing/worker-harness.js";

const template = { namespace: "payments", name: "secretive", version: "1.0.0" };

let harness: WorkerHarness;
beforeAll(async () => {
  harness = await createWorkerHarness();
  const text =
    "name: secretive\nnamespace_name: payments\nversion: 1.0.0\nsteps: [{ name: a, handler: { callable: Test, initialization: { api_key: hunter2-template } } }]\n";
  await writeFile(join(dirname(harness.templates), "secretive.yaml"), text);
  const failing =
    "name: failing\nnamespace_name: payments\nversion: 1.0.0\nsteps: [{ name: a, handler: { callable: Test }, retry: { max_attempts: 1 } }]\n";
  await writeFile(join(dirname(harness.templates), "failing.yaml"), failing);
});
afterAll(() => harness.close());

it("a worker's handlers get the real values, and nothing that is public of it leads there: worker, context, operations, log", async () => {
  const { password } = new URL(harness.database.url);
  expect(password.length).toBeGreaterThan(8);
  const given: unknown[] = [];
  const { worker, log } = await harness.start({
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
  const shown = collectShown([worker, answers, log]);
  expect(shown).toContain("refused ***REDACTED***");
  expect(shown).not.toContain("hunter2");
  expect(shown).not.toContain(password);
});

const secret = "zq7f3a91c05be2d8417a";
const texts = [
  "the key hunter2-key-of-ops of the configuration",
  `postgres://app:${secret}@db.internal/orders`,
  `https://b.s3.amazonaws.com/k?X-Amz-Signature=${secret}`,
  `ALTER ROLE app PASSWORD '${secret}'`,
  `Command failed: mysql -uroot -p${secret} orders`,
  `{"kty":"oct","k":"${secret}"}`,
  `machine h login app password ${secret}`,
  `<password>${secret}</password>`,
  `name=DB_PASSWORD value=${secret}`,
  `app/${secret}@orders`,
  `glsa_${secret}${secret}`,
  `kennwort=${secret}`,
];

it("secrets that handlers throw or checks return reach no health answer, log line, dead letter or list of dead letters", async () => {
  const auth = { enabled: true, api_keys: [{ name: "ops", key: "hunter2-key-of-ops" }] };
  const { worker, log, detailed } = await harness.start({
    worker: { web: { enabled: true, auth } },
    checks: texts.map((message, index) => ({
      name: `check_${index}`,
      run: async () => ({ status: "degraded" as const, message }),
    })),
    handlers: {
      Test: async (input) => {
        const { text } = input as { readonly text: string };
        throw new Error(`refused ${text}`, { cause: new AggregateError([new Error(text)], text) });
      },
    },
  });
  for (const text of texts)
    await worker.enqueue({
      template: { ...template, name: "failing" },
      stepName: "a",
      input: { text },
    });
  await eventually("the dead letters", async () => {
    return (await harness.deadLetters()).length === texts.length;
  });
  const reasons = (await harness.deadLetters()).map(({ reason }) => reason);
  // Written by somebody else, who redacts nothing.
  for (const message of texts)
    await harness.query("select pgmq.send('payments_dead_letter', $1::jsonb)", [
      JSON.stringify({ message: {}, reason: { code: "step_failed", message } }),
    ]);
  const lines: string[] = [];
  await runDeadLetters(
    ["list"],
    { print: async (line) => void lines.push(line), note: async () => undefined },
    () =>
      testConfig({
        url: harness.database.url,
        templates: harness.templates,
        worker: { web: { auth } },
      }),
  );
  expect(lines).toHaveLength(2 * texts.length);
  const shown = [reasons, await detailed(), log, lines].map((said) => JSON.stringify(said));
  for (const said of shown) {
    expect(said).toContain("***REDACTED***");
    expect(said).not.toContain(secret);
    expect(said).not.toContain("hunter2");
  }
});
