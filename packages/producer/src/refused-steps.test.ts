import {
  createTestDatabase,
  type TestDatabase,
  urlOfDatabase,
} from "@tasker-observability/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { EnqueueError } from "./enqueue-error.js";
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

const template = { namespace: "orders", name: "fulfill", version: "1.0.0" };
const step = { template, stepName: "ship" };

async function refusalOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => "It was sent.",
    (error: unknown) => error,
  );
}

describe("a step that is wrong", () => {
  it("is refused with all its problems and the nearest names, and nothing is sent", async () => {
    const query = () => Promise.reject(new Error("It was asked."));
    const producer = createStepProducer({ database: { query } });
    const wrong = { template: { ...template, version: 2 }, step_name: "ship", delay: -1 };
    expect(await refusalOf(producer.enqueue(wrong as never))).toMatchObject({
      code: "INVALID_PARAMS",
      message: [
        'Unknown option "step_name" of a step. Did you mean "stepName"?',
        "step.template.version must be a string of 1 to 255 characters, not a number.",
        "step.stepName must be a string of 1 to 255 characters, but is missing.",
        "step.delay must be milliseconds from 0 to 31536000000, or a Date at most a year from now, not -1.",
      ].join(" "),
    });
    await expect(producer.enqueueMany([step, { ...step, stepName: "" }])).rejects.toThrow(
      "steps[1].stepName must be a string of 1 to 255 characters.",
    );
    await expect(producer.enqueueMany(step as never)).rejects.toThrow(
      "steps must be an array, not an object.",
    );
    await expect(producer.enqueue(null as never)).rejects.toThrow(
      "step takes an object with the options stepId, template",
    );
  });
});

describe("the options", () => {
  it.each([
    [
      {},
      "database must be a pg Pool, postgres.js' sql, a query builder's or ORM's handle, or { query: async (text, values) => rows } around any other",
    ],
    [{ database: "postgres://u:hunter2@h/d" }, "around any other, not a string."],
    [{ databse: {} }, 'Unknown option "databse" of createStepProducer. Did you mean "database"?'],
  ])("are refused if they are wrong: %o", (options, problem) => {
    expect(() => createStepProducer(options as never)).toThrow(problem);
  });
});

describe("a database that refuses a step", () => {
  it("has no such queue: the error names the nearest, and how to create it", async () => {
    const misspelt = { ...step, template: { ...template, namespace: "ordrs" } };
    const error = await refusalOf(createStepProducer({ database: pool }).enqueue(misspelt));
    expect(error).toBeInstanceOf(EnqueueError);
    expect(error).toMatchObject({
      code: "queue_missing",
      message:
        "The queue ordrs_queue does not exist. Did you mean \"orders_queue\"? A worker creates the queues of its namespaces when it starts; without one, run: select pgmq.create('ordrs_queue');",
      cause: expect.objectContaining({ code: "42P01" }),
    });
  });

  it("has no such queue: in a transaction nothing more is asked", async () => {
    const single = new pg.Pool({ connectionString: database.url, max: 1 });
    onTestFinished(() => single.end());
    const client = await single.connect();
    await client.query("begin");
    const misspelt = { ...step, template: { ...template, namespace: "ordrs" } };
    const producer = createStepProducer({ database: single });
    const error = await refusalOf(producer.enqueue(misspelt, { transaction: client }));
    client.release();
    expect(String(error)).toContain("The queue ordrs_queue does not exist. A worker creates");
  });

  it("has no PGMQ", async () => {
    const bare = await createTestDatabase();
    onTestFinished(() => bare.drop());
    const other = new pg.Pool({ connectionString: bare.url });
    onTestFinished(() => other.end());
    expect(await refusalOf(createStepProducer({ database: other }).enqueue(step))).toMatchObject({
      code: "pgmq_missing",
    });
  });

  it("gives the role no right, until an administrator runs what the error says", async () => {
    const role = `sender_${process.pid}`;
    await pool.query(`create role ${role} login password 'sender'`);
    const url = new URL(urlOfDatabase(database.url, database.name));
    url.username = role;
    url.password = "sender";
    const theirs = new pg.Pool({ connectionString: url.href });
    onTestFinished(async () => {
      await theirs.end();
      await pool.query(`drop owned by ${role}; drop role ${role}`);
    });
    const producer = createStepProducer({ database: theirs });
    const error = await refusalOf(producer.enqueue(step));
    expect(error).toMatchObject({ code: "not_permitted" });
    const grants = /An administrator runs, with its name: (.*)$/.exec(String(error))?.[1] ?? "";
    await pool.query(grants.replaceAll("…", role));
    await expect(producer.enqueue(step)).resolves.toHaveProperty("messageId");
  });

  it("keeps a step out by a trigger", async () => {
    await pool.query(
      "create function pgmq.swallow() returns trigger language plpgsql as $$ begin return null; end $$; create trigger swallow before insert on pgmq.q_orders_queue for each row when (new.message->>'input' = 'unwanted') execute function pgmq.swallow()",
    );
    const producer = createStepProducer({ database: pool });
    await expect(producer.enqueueMany([step, { ...step, input: "unwanted" }])).rejects.toThrow(
      "Steps for orders_queue were not stored",
    );
  });
});
