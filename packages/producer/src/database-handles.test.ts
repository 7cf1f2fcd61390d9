import { installPgmq } from "@tasker-observability/pgmq/install";
import { createTestDatabase, type TestDatabase } from "@tasker-observability/testkit";
import { databaseLibraries, openPglite } from "@tasker-observability/testkit/clients";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { EnqueueTransaction } from "./enqueue-options.js";
import { createStepProducer } from "./step-producer.js";

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase({ pgmq: true });
  pool = new pg.Pool({ connectionString: database.url });
  await pool.query("select pgmq.create('orders_queue')");
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(() => pool.query("delete from pgmq.q_orders_queue"));

/** Characters that placeholders, escapes and quotes of some library would mistake. */
const input = { text: "it's $1, ?, :name, \\, 'E' and ${x}" };
const step = {
  template: { namespace: "orders", name: "fulfill", version: "1.0.0" },
  stepName: "ship",
  input,
};

async function inputs(): Promise<unknown[]> {
  const text = "select msg_id::text as id, message->'input' as input from pgmq.q_orders_queue";
  const { rows } = await pool.query<{ id: string; input: unknown }>(text);
  return rows;
}

describe.each(Object.entries(databaseLibraries))("a producer on %s", (_, open) => {
  it("puts steps on the queue", async () => {
    const { handle, close } = await open(database.url);
    onTestFinished(async () => {
      await close();
    });
    const { messageId } = await createStepProducer({ database: handle }).enqueue(step);
    expect(await inputs()).toEqual([{ id: messageId, input }]);
  });

  it("puts them there in a transaction of the application's, or not at all", async () => {
    const { handle, close, transaction } = await open(database.url);
    onTestFinished(async () => {
      await close();
    });
    const producer = createStepProducer({ database: handle });
    const sent: string[] = [];
    const send = async (client: EnqueueTransaction): Promise<void> => {
      const [first] = await producer.enqueueMany([step], { transaction: client });
      sent.push(first?.messageId ?? "");
      expect(await inputs()).toEqual([]);
    };
    const failing = async (client: EnqueueTransaction): Promise<void> => {
      await send(client);
      throw new Error("rolled back");
    };
    await expect(transaction(failing)).rejects.toThrow("rolled back");
    expect(await inputs()).toEqual([]);
    await transaction(send);
    expect(await inputs()).toEqual([{ id: sent[1], input }]);
  });
});

it("a producer on PGlite puts steps on the queue, in a transaction too", async () => {
  const { handle, close, transaction } = await openPglite();
  onTestFinished(async () => {
    await close();
  });
  await installPgmq({ query: (text) => handle.exec(text).then(() => ({ rows: [] })) });
  await handle.query("select pgmq.create('orders_queue')");
  const producer = createStepProducer({ database: handle });
  expect(await producer.enqueue(step)).toMatchObject({ messageId: "1" });
  await transaction(async (client) => {
    expect(await producer.enqueue(step, { transaction: client })).toMatchObject({ messageId: "2" });
  });
});

it("a producer on what has Prisma's and Neon's methods asks in their ways", async () => {
  const prisma = {
    $queryRawUnsafe: async (text: string, ...values: unknown[]) =>
      (await pool.query<object>(text, values)).rows,
  };
  const neon = Object.assign(async () => [], {
    unsafe: () => ({ sql: "a part of a statement" }),
    query: async (text: string, values: unknown[]) => (await pool.query<object>(text, values)).rows,
  });
  for (const handle of [prisma, neon]) await createStepProducer({ database: handle }).enqueue(step);
  expect(await inputs()).toMatchObject([{ input }, { input }]);
});

it("a producer refuses what can only be asked whether it is there, and says how to wrap it", () => {
  expect(() => createStepProducer({ database: { ping: async () => undefined } as never })).toThrow(
    "database must be a pg Pool, postgres.js' sql, a query builder's or ORM's handle, or { query: async (text, values) => rows } around any other, not an object.",
  );
});
