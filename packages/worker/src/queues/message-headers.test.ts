import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { withClient } from "@tasker-observability/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runDeadLetters } from "../dead-letters/run-dead-letters.js";
import type { StepToEnqueue } from "@tasker-observability/producer";
import type { StepHandlerContext } from "../running/step-handler.js";
import {
  createWorkerHarness,
  eventually,
  messageOf,
  stepNamed,
  testConfig,
  type WorkerHarness,
} from "../testing/worker-harness.js";

let harness: WorkerHarness;
beforeEach(async () => (harness = await createWorkerHarness()));
afterEach(() => harness.close());

const headers = {
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  "x-pgmq-group": "customer-7",
  nested: { kept: [1, null] },
};
const failing = async (): Promise<never> =>
  Promise.reject(Object.assign(new Error("no"), { retryable: false }));
const headersIn = async (table: string): Promise<unknown[]> =>
  (
    await harness.query<{ headers: unknown }>(`select headers from pgmq.${table} order by msg_id`)
  ).map((row) => row.headers);

describe("the headers of a message", () => {
  it("reach its handler; null when it has none", async () => {
    const seen: unknown[] = [];
    const Test = async (_input: unknown, { step }: StepHandlerContext): Promise<void> =>
      void seen.push(step.headers);
    const { worker } = await harness.start({ handlers: { Test } });
    await worker.enqueue({ ...stepNamed("plain"), headers });
    await eventually("the first run", () => seen.length === 1);
    await worker.enqueue(stepNamed("plain"));
    await eventually("the second run", () => seen.length === 2);
    expect(seen).toEqual([headers, null]);
  });

  it("stay with its dead letter and its retry, whatever their JSON", async () => {
    const kinds: unknown[] = [
      headers,
      null,
      ["a", 1],
      "text",
      { "": { id: "12345678901234567890" } },
    ];
    const { worker } = await harness.start({ handlers: { Test: failing } });
    for (const kind of kinds)
      await harness.query("select pgmq.send('payments_queue', $1::jsonb, $2::jsonb)", [
        messageOf("plain"),
        kind === null ? null : JSON.stringify(kind),
      ]);
    await eventually(
      "the dead letters",
      async () => (await harness.count("q_payments_dead_letter")) === kinds.length,
    );
    await worker.stop();
    const asSent = expect.toSatisfy(
      (found: unknown[]) =>
        found.length === kinds.length &&
        kinds.every((kind) => found.some((one) => isDeepStrictEqual(one, kind))),
    );
    expect(await headersIn("q_payments_dead_letter")).toEqual(asSent);
    await runDeadLetters(
      ["retry", "--namespace", "payments", "--all"],
      { print: () => Promise.resolve(), note: () => Promise.resolve() },
      () => testConfig({ url: harness.database.url, templates: harness.templates }),
    );
    expect(await headersIn("q_payments_queue")).toEqual(asSent);
    expect(await headersIn("a_payments_dead_letter")).toEqual(asSent);
  });
});

describe("the durable events of a step", () => {
  const traced = {
    traceparent: headers.traceparent,
    tracestate: "rojo=00f067aa0ba902b7",
    "x-pgmq-group": "customer-7",
  };

  it("inherit the trace of its headers and nothing else, of a completion, a retry and a dead letter", async () => {
    await writeFile(
      join(dirname(harness.templates), "announce.yaml"),
      `name: announce
namespace_name: payments
version: 1.0.0
steps:
  - { name: tell, handler: { callable: Tell }, retry: { max_attempts: 2, backoff: none }, publishes_events: [{ name: told, condition: always }] }
`,
    );
    const Tell = async (input: unknown): Promise<void> => {
      if (input === "fail") throw new Error("no");
    };
    const { worker } = await harness.start({ handlers: { Tell } });
    const step = (input: string, more: object = {}): StepToEnqueue => ({
      template: { namespace: "payments", name: "announce", version: "1.0.0" },
      stepName: "tell",
      input,
      ...more,
    });
    await worker.enqueue([
      step("succeed", { headers: traced }),
      step("succeed", { headers: { "x-pgmq-group": "customer-7" } }),
      step("succeed", { headers: { traceparent: 7 } }),
      step("fail", { headers: traced }),
    ]);
    await eventually(
      "the events",
      async () => (await harness.count("q_payments_domain_events")) === 5,
    );
    const { traceparent, tracestate } = traced;
    const inherited = await headersIn("q_payments_domain_events");
    expect(inherited.filter((each) => each !== null)).toEqual(
      Array(3).fill({ traceparent, tracestate }),
    );
    expect(await headersIn("q_payments_dead_letter")).toEqual([traced]);
  });
});

describe("enqueue", () => {
  it("hides each step for its own delay", async () => {
    const { worker } = await harness.start();
    worker.pause();
    await worker.enqueue([
      { ...stepNamed("plain", "later"), delaySeconds: 3_600 },
      stepNamed("plain", "now"),
      { ...stepNamed("plain", "much later"), delaySeconds: 31_536_000, headers },
    ]);
    // A claim that was under way at the pause may hide the step that is due, and then releases it.
    await vi.waitFor(async () =>
      expect(
        await harness.query(
          "select message->>'input' as input, round(extract(epoch from vt - enqueued_at) / 60)::int as minutes, headers from pgmq.q_payments_queue order by msg_id",
        ),
      ).toEqual([
        { input: "later", minutes: 60, headers: null },
        { input: "now", minutes: 0, headers: null },
        { input: "much later", minutes: 525_600, headers },
      ]),
    );
  });

  it.each(["commit", "rollback"])(
    "takes part in a transaction of the application: %s",
    async (end) => {
      const { worker } = await harness.start();
      worker.pause();
      await withClient(harness.database.url, async (client) => {
        await client.query("begin");
        await worker.enqueue([stepNamed("plain"), { ...stepNamed("plain"), headers }], {
          transaction: client,
        });
        expect(await harness.count("q_payments_queue")).toBe(0);
        await client.query(end);
      });
      expect(await harness.count("q_payments_queue")).toBe(end === "commit" ? 2 : 0);
    },
  );

  it("keeps all digits of its input, and rejects numbers that it cannot keep", async () => {
    const { worker } = await harness.start();
    worker.pause();
    await expect(worker.enqueue(stepNamed("plain", { id: 12345678901234567890n }))).rejects.toThrow(
      "steps[0].input.id is a BigInt",
    );
    await worker.enqueue([]);
    expect(await harness.count("q_payments_queue")).toBe(0);
  });
});
