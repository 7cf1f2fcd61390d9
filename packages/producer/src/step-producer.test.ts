import { fromPgPool, type StatementClient } from "@tasker-observability/postgres";
import { createTestDatabase, type TestDatabase } from "@tasker-observability/testkit";
import pg from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createStepProducer } from "./step-producer.js";
import type { StepToEnqueue } from "./step-to-enqueue.js";
import { countRoundTrips } from "./testing/round-trips.js";

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase({ pgmq: true });
  pool = new pg.Pool({ connectionString: database.url });
  await pool.query("select pgmq.create('orders_queue'), pgmq.create('payments_queue')");
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(() => pool.query("delete from pgmq.q_orders_queue"));

const template = { namespace: "orders", name: "fulfill", version: "1.0.0" };
const step: StepToEnqueue = { template, stepName: "ship", input: { order_id: 17 } };

interface Stored {
  readonly id: string;
  readonly message: Record<string, unknown>;
  readonly headers: unknown;
  readonly waits_ms: number;
}

async function stored(): Promise<readonly Stored[]> {
  const { rows } = await pool.query<Stored>(
    "select msg_id::text as id, message, headers, (extract(epoch from vt - enqueued_at) * 1000)::float8 as waits_ms from pgmq.q_orders_queue order by msg_id",
  );
  return rows;
}

function openPostgres(url = database.url, options: postgres.Options<never> = {}): postgres.Sql {
  const sql = postgres(url, { max: 1, ...options, onnotice: () => undefined });
  onTestFinished(() => sql.end());
  return sql;
}

function openPool(url: string): pg.Pool {
  const opened = new pg.Pool({ connectionString: url, max: 1 });
  onTestFinished(() => opened.end());
  return opened;
}

async function openTransaction(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url });
  onTestFinished(() => client.end());
  await client.connect();
  await client.query("begin");
  return client;
}

const kinds: readonly (readonly [string, (url: string) => StatementClient])[] = [
  ["a pg Pool", openPool],
  ["postgres.js", (url) => openPostgres(url)],
  ["fromPgPool(pool)", (url) => fromPgPool(openPool(url))],
  [
    "{ query } that answers with rows",
    (url) => {
      const opened = openPool(url);
      return { query: async (text, values) => (await opened.query<object>(text, values)).rows };
    },
  ],
];

describe.each(kinds)("a producer with %s", (_kind, open) => {
  it("puts a step on the queue of its namespace, and says which message it is", async () => {
    const { stepId, messageId } = await createStepProducer({
      database: open(database.url),
    }).enqueue(step);
    expect(await stored()).toEqual([
      {
        id: messageId,
        headers: null,
        waits_ms: expect.any(Number),
        message: {
          step_id: stepId,
          template,
          step_name: "ship",
          input: { order_id: 17 },
          enqueued_at: expect.stringMatching(/^\d{4}-.*Z$/),
        },
      },
    ]);
  });

  it("takes one round trip for a step, and one for a thousand", async () => {
    const trips = await countRoundTrips(database.url);
    const producer = createStepProducer({ database: open(trips.url) });
    await producer.enqueue(step);
    await producer.enqueueMany([step, step]);
    const before = trips.count();
    await producer.enqueue(step);
    expect(trips.count() - before).toBe(1);
    const thousand = Array.from({ length: 1_000 }, (_, index) => ({
      ...step,
      stepId: `s-${index}`,
    }));
    const enqueued = await producer.enqueueMany(thousand);
    expect(trips.count() - before).toBe(2);
    const rows = (await stored()).slice(-1_000);
    expect(enqueued).toEqual(
      rows.map(({ id, message }) => ({ stepId: message.step_id, messageId: id })),
    );
    expect(enqueued[999]?.stepId).toBe("s-999");
  });
});

it("postgres.js may transform the names of columns", async () => {
  const sql = openPostgres(database.url, { transform: postgres.camel });
  const producer = createStepProducer({ database: sql });
  await expect(producer.enqueueMany([step, { ...step, delay: 1 }])).resolves.toHaveLength(2);
});

it("nothing is queried if there is nothing to send", async () => {
  const query = () => Promise.reject(new Error("It was asked."));
  await expect(createStepProducer({ database: { query } }).enqueueMany([])).resolves.toEqual([]);
});

describe("the caller's own transaction", () => {
  it("leaves nothing behind when it is rolled back, and all of it when it is committed", async () => {
    const producer = createStepProducer({ database: pool });
    const client = await openTransaction();
    await producer.enqueueMany([step, { ...step, delay: 5 }], { transaction: client });
    await client.query("rollback; begin");
    expect(await stored()).toEqual([]);
    await producer.enqueue(step, { transaction: client });
    expect(await stored()).toEqual([]);
    await client.query("commit");
    expect(await stored()).toHaveLength(1);
  });

  it("may be that of sql.begin", async () => {
    const sql = openPostgres();
    const producer = createStepProducer({ database: sql });
    const failed = sql.begin(async (transaction) => {
      await producer.enqueue(step, { transaction });
      throw new Error("rolled back");
    });
    await expect(failed).rejects.toThrow("rolled back");
    expect(await stored()).toEqual([]);
    await sql.begin((transaction) => producer.enqueue(step, { transaction }));
    expect(await stored()).toHaveLength(1);
  });

  it("is refused if it is not a client, or if its client returns no rows", async () => {
    const producer = createStepProducer({ database: pool });
    await expect(producer.enqueue(step, { transaction: {} as never })).rejects.toThrow(
      "transaction must be a client whose transaction is open",
    );
    const query = async (): Promise<void> => undefined;
    await expect(producer.enqueue(step, { transaction: { query } })).rejects.toThrow(
      "the client gave no rows: roll back",
    );
  });
});

describe("steps of several namespaces", () => {
  const refund = { template: { ...template, namespace: "payments" }, stepName: "refund" };

  it("go to their queues in one round trip, and are answered in their order", async () => {
    await pool.query("delete from pgmq.q_payments_queue");
    const trips = await countRoundTrips(database.url);
    const producer = createStepProducer({ database: openPool(trips.url) });
    await producer.enqueue(step);
    const before = trips.count();
    const steps = [step, { ...refund, delay: 500 }, step, { ...refund, headers: { a: 1 } }];
    const named = steps.map((one, index) => ({ ...one, stepId: `s-${index}` }));
    const sent = await producer.enqueueMany(named);
    expect(trips.count() - before).toBe(1);
    expect(sent.map(({ stepId }) => stepId)).toEqual(["s-0", "s-1", "s-2", "s-3"]);
    const { rows } = await pool.query<{ id: string; step: string }>(
      "select msg_id::text as id, message->>'step_id' as step from pgmq.q_orders_queue union all select msg_id::text, message->>'step_id' from pgmq.q_payments_queue order by step",
    );
    const stepIds = sent.map(({ stepId, messageId }) => ({ id: messageId, step: stepId }));
    expect(rows.filter(({ step: id }) => id.startsWith("s-"))).toEqual(stepIds);
  });

  it("are sent all or none, and the error names the queue that is missing", async () => {
    const misspelt = { template: { ...template, namespace: "shipping" }, stepName: "refund" };
    const producer = createStepProducer({ database: pool });
    await expect(producer.enqueueMany([step, misspelt])).rejects.toMatchObject({
      code: "queue_missing",
      message: expect.stringContaining("The queue shipping_queue does not exist."),
    });
    expect(await stored()).toEqual([]);
  });
});

describe("a delay", () => {
  it.each([
    ["whole seconds", { delay: 60_000 }, 60_000],
    ["half a second", { delay: 500 }, 500],
    ["a Date in the past", { delay: new Date(0) }, 0],
    ["headers beside it", { delay: 60_000, headers: { traceparent: "00-1" } }, 60_000],
  ] as const)("hides the step for as long as it says: %s", async (_which, more, waitsMs) => {
    await createStepProducer({ database: pool }).enqueue({ ...step, ...more });
    const [row] = await stored();
    expect(Math.round((row?.waits_ms ?? NaN) / 100) * 100).toBe(waitsMs);
  });

  it("may be a Date", async () => {
    const delay = new Date(Date.now() + 3_600_000);
    await createStepProducer({ database: pool }).enqueue({ ...step, delay });
    const { rows } = await pool.query<{ vt: Date }>("select vt from pgmq.q_orders_queue");
    expect(rows).toEqual([{ vt: delay }]);
  });

  it("is each step's own", async () => {
    await createStepProducer({ database: pool }).enqueueMany([step, { ...step, delay: 90_000 }]);
    const waits = (await stored()).map(({ waits_ms }) => Math.round(waits_ms / 30_000));
    expect(waits).toEqual([0, 3]);
  });
});

it("headers are PGMQ's, each step's own", async () => {
  const headers = { traceparent: "00-1", "x-pgmq-group": "g" };
  await createStepProducer({ database: pool }).enqueueMany([{ ...step, headers }, step]);
  expect((await stored()).map((row) => row.headers)).toEqual([headers, null]);
});

it("a worker's listener is notified, but not where notifications are off", async () => {
  const client = await openTransaction();
  await client.query(
    `commit; listen "pgmq.q_orders_queue.INSERT"; select pg_advisory_lock_shared(724631395, hashtext('q_orders_queue'))`,
  );
  const heard: (string | undefined)[] = [];
  client.on("notification", ({ payload }) => heard.push(payload));
  await createStepProducer({ database: pool, notifications: "off" }).enqueue(step);
  await createStepProducer({ database: pool }).enqueue(step);
  await client.query("select 1");
  expect(heard).toEqual(["enqueue"]);
});
