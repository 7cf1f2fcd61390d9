import { withClient } from "@tasker-observability/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runDeadLetters } from "../dead-letters/run-dead-letters.js";
import { olderPgmq } from "../testing/older-pgmq.js";
import {
  createWorkerHarness,
  eventually,
  loggedBeside,
  stepNamed,
  testConfig,
  type WorkerHarness,
} from "../testing/worker-harness.js";

let harness: WorkerHarness;
beforeAll(async () => {
  harness = await createWorkerHarness();
  await withClient(harness.database.url, (client) =>
    client.query(`drop schema pgmq cascade; ${olderPgmq}`),
  );
});
afterAll(() => harness.close());

it("a worker on a PGMQ without headers and insert notification runs, retries steps, writes dead letters, sends them again, and is healthy", async () => {
  let isMended = false;
  const Test = async (
    input: unknown,
    { step }: { readonly step: { readonly attempt: number } },
  ): Promise<void> => {
    if (input === "fail once" && step.attempt === 1) throw new Error("once");
    if (input === "fail" && !isMended) throw new Error("not mended yet");
  };
  const { worker, ready, detailed, log } = await harness.start({ handlers: { Test } });
  await worker.enqueue(
    stepNamed("plain"),
    stepNamed("plain", "fail once"),
    stepNamed("plain", "fail"),
  );
  await eventually("the dead letter", async () => (await harness.count("a_payments_queue")) === 3);
  expect(await harness.query("select read_ct from pgmq.a_payments_queue order by 1")).toEqual([
    { read_ct: 1 },
    { read_ct: 2 },
    { read_ct: 3 },
  ]);
  expect(await harness.deadLetters()).toMatchObject([
    { reason: { message: "not mended yet" }, attempts: 3 },
  ]);

  isMended = true;
  const lines: string[] = [];
  await runDeadLetters(
    ["retry", "--namespace", "payments", "--all"],
    { print: (line) => Promise.resolve(void lines.push(line)), note: () => Promise.resolve() },
    () => testConfig({ url: harness.database.url, templates: harness.templates }),
  );
  expect(lines).toEqual(["1 dead letter of payments retried"]);
  await eventually("the run", async () => (await harness.count("a_payments_queue")) === 4);

  expect((await ready()).checks.queue_processing).toMatchObject({ status: "healthy" });
  expect((await detailed()).checks.event_system).toMatchObject({ status: "healthy" });
  expect(worker.context.ports.eventSystem?.listener()).toBe("connected");
  expect(
    loggedBeside(log)
      .map(({ message }) => message)
      .filter((message) => !message.startsWith("step failed")),
  ).toEqual([]);
});

it("a worker on a PGMQ without headers sends steps with a delay, and says why it refuses headers", async () => {
  const { worker } = await harness.start();
  worker.pause();
  await worker.enqueue({ ...stepNamed("plain"), delaySeconds: 60 });
  expect(await harness.count("q_payments_queue")).toBe(1);
  await expect(worker.enqueue({ ...stepNamed("plain"), headers: { a: 1 } })).rejects.toThrow(
    "it needs PGMQ 1.5",
  );
});
