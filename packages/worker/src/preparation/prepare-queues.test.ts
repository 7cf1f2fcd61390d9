import {
  createTestDatabase,
  type TestDatabase,
  urlOfDatabase,
  withClient,
} from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { WorkerStartError } from "../worker-start-error.js";
import { openTestPool, prepare, queues } from "../testing/prepared-queues.js";
import type { NeededQueues } from "./needed-queues.js";

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.drop());

/** Creates a role that owns nothing. @returns the URL with its credentials. */
async function createRole(): Promise<string> {
  const name = `role_${crypto.randomUUID().slice(0, 8)}`;
  await withClient(database.url, (client) =>
    client.query(`create role ${name} login password 'x'`),
  );
  onTestFinished(() =>
    withClient(database.url, (client) =>
      client.query(`drop owned by ${name}; drop role ${name}`),
    ).then(() => undefined),
  );
  const url = new URL(urlOfDatabase(database.url, database.name));
  url.username = name;
  url.password = "x";
  return url.href;
}

describe("preparing the queues", () => {
  it("installs PGMQ and creates queues whose inserts notify, for many workers at once", async () => {
    const opened = openTestPool(database.url);
    const prepared = await Promise.all(Array.from({ length: 4 }, () => prepare(opened)));
    const [queue] = prepared[0]!.notifications;
    expect(queue).toMatchObject({
      queueName: "payments_queue",
      taskerTrigger: "enabled",
      pgmqTrigger: "none",
    });
    expect(prepared).toEqual(Array(4).fill({ notifications: [queue] }));
    const { rows } = await opened.pool.query(
      "select queue_name from pgmq.list_queues() order by 1",
    );
    expect(rows).toEqual([
      { queue_name: "payments_dead_letter" },
      { queue_name: "payments_queue" },
    ]);
    const { rows: triggers } = await opened.pool.query(
      "select tgrelid::regclass::text as queue from pg_trigger where not tgisinternal",
    );
    expect(triggers).toEqual([{ queue: "pgmq.q_payments_queue" }]);
  });

  it("changes nothing the second time, and keeps the messages", async () => {
    const opened = openTestPool(database.url);
    await opened.pool.query("select pgmq.send('payments_queue', '{}')");
    await prepare(opened);
    expect(
      (await opened.pool.query("select count(*)::int as n from pgmq.q_payments_queue")).rows,
    ).toEqual([{ n: 1 }]);
  });

  it("creates the missing tables of queues that PGMQ lists", async () => {
    const opened = openTestPool(database.url);
    await opened.pool.query("drop table pgmq.q_payments_queue, pgmq.a_payments_dead_letter");
    await expect(prepare(opened)).resolves.toMatchObject({
      notifications: [{ taskerTrigger: "enabled" }],
    });
    await opened.pool.query(
      "select pgmq.archive(name, id) from (values ('payments_queue'), ('payments_dead_letter')) as queues(name), pgmq.send(name, '{}') as id",
    );
    expect(
      (await opened.pool.query("select count(*)::int as n from pgmq.a_payments_dead_letter")).rows,
    ).toEqual([{ n: 1 }]);
  });

  it("adds no trigger to an existing queue, even if it creates the archive, and none if notifications are off", async () => {
    const found = await createTestDatabase({ pgmq: true });
    onTestFinished(() => found.drop());
    const opened = openTestPool(found.url);
    await opened.pool.query(
      "select pgmq.create('payments_queue'); drop table pgmq.a_payments_queue",
    );
    const wanted: NeededQueues = { ...queues, stepQueues: ["payments_queue", "orders_queue"] };
    for (const notifications of ["off", "auto"] as const)
      await prepare(opened, { ...wanted, notifications });
    await opened.pool.query("select pgmq.drop_queue('orders_queue')");
    await expect(prepare(opened, wanted)).resolves.toMatchObject({
      notifications: [
        { queueName: "orders_queue", taskerTrigger: "enabled", failure: null },
        { queueName: "payments_queue", taskerTrigger: "none", failure: null },
      ],
    });
    const { rows } = await opened.pool.query<{ queue: string }>(
      "select tgrelid::regclass::text as queue from pg_trigger where not tgisinternal",
    );
    expect(rows).toEqual([{ queue: "pgmq.q_orders_queue" }]);
  });

  it("creates queues, and says why they do not notify, if another role owns the trigger's function", async () => {
    const found = await createTestDatabase({ pgmq: true });
    onTestFinished(() => found.drop());
    const url = new URL(found.url);
    url.username = new URL(await createRole()).username;
    url.password = "x";
    await withClient(found.url, (client) =>
      client.query(
        `grant all on schema pgmq to ${url.username}; grant all on all tables in schema pgmq to ${url.username};
         create function pgmq.tasker_notify_insert() returns trigger language plpgsql as 'begin return null; end'`,
      ),
    );
    await expect(prepare(openTestPool(url.href))).resolves.toMatchObject({
      notifications: [{ taskerTrigger: "none", failure: { error: { code: "42501" } } }],
    });
    await withClient(found.url, (client) => client.query(`drop owned by ${url.username}`));
  });

  it.each([
    ["has PGMQ and the queues", () => database],
    ["has no PGMQ", () => createTestDatabase()],
  ])("rejects a read-only database, and asks for the primary: one that %s", async (_what, find) => {
    const found = await find();
    if (found !== database) onTestFinished(() => found.drop());
    const failure = prepare(
      openTestPool(`${found.url}?options=-cdefault_transaction_read_only=on`),
    );
    await expect(failure).rejects.toBeInstanceOf(WorkerStartError);
    await expect(failure).rejects.toThrow(
      /is read-only: the server is a standby.*Point the setting of the URL at the primary/,
    );
  });
});
