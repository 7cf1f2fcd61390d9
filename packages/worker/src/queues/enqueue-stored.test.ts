import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createWorkerHarness, stepNamed, type WorkerHarness } from "../testing/worker-harness.js";

let harness: WorkerHarness;
beforeAll(async () => {
  harness = await createWorkerHarness();
  await harness.query("select pgmq.create('payments_queue')");
  await harness.query(
    "create function pgmq.swallow() returns trigger language plpgsql as $$ begin return null; end $$",
  );
  await harness.query(
    `create trigger swallow before insert on pgmq.q_payments_queue for each row when (new.message->>'input' = 'unwanted') execute function pgmq.swallow()`,
  );
});
afterAll(() => harness.close());

const start = (notifications: "auto" | "off") =>
  harness.start({
    handlers: { Test: async () => undefined },
    worker: { notifications, step_processing: { max_concurrent_steps: 1 } },
  });
const later = { ...stepNamed("plain"), delaySeconds: 3_600 };
const unwanted = { ...later, input: "unwanted" };
const refused =
  "Steps for payments_queue were not stored, and PostgreSQL reported no error: look for a trigger that returns NULL on the tables of the queue.";
const stored = (): Promise<number> => harness.count("q_payments_queue");

async function openTransaction(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: harness.database.url });
  onTestFinished(() => client.end());
  await client.connect();
  await client.query("begin");
  return client;
}

describe.each(["auto", "off"] as const)(
  "a step that a trigger keeps out, notifications %s",
  (notifications) => {
    it.each([
      ["without a delay or headers", [{ ...stepNamed("plain"), input: "unwanted" }]],
      ["with a delay", [unwanted]],
      ["with headers", [{ ...unwanted, headers: { a: 1 } }]],
      ["among others", [later, unwanted, later]],
    ])("fails the call and leaves nothing behind: %s", async (_which, steps) => {
      const { worker } = await start(notifications);
      const before = await stored();
      await expect(worker.enqueue(steps)).rejects.toThrow(refused);
      expect(await stored()).toBe(before);
      await worker.enqueue([later, later]);
      expect(await stored()).toBe(before + 2);
    });

    it.each([
      ["a pg client", (client: pg.Client) => client],
      [
        "a client that answers with rows",
        (client: pg.Client) => ({
          query: async (text: string, values: unknown[]): Promise<unknown> =>
            (await client.query(text, values)).rows,
        }),
      ],
    ])("fails the call in a transaction of %s", async (_whose, wrap) => {
      const { worker } = await start(notifications);
      const client = await openTransaction();
      const transaction = wrap(client);
      await worker.enqueue([later], { transaction });
      await expect(worker.enqueue([unwanted], { transaction })).rejects.toThrow(refused);
    });
  },
);

it("a client that answers nothing is believed", async () => {
  const { worker } = await start("off");
  const client = await openTransaction();
  const query = async (text: string, values: unknown[]): Promise<void> => {
    await client.query(text, values);
  };
  await worker.enqueue([later], { transaction: { query } });
  await client.query("commit");
  expect(await stored()).toBeGreaterThan(0);
});
