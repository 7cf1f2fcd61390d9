import { createWorkerContext, systemClock } from "@tasker-observability/core";
import {
  createFakeClock,
  createTestDatabase,
  type TestDatabase,
  urlOfDatabase,
  withClient,
} from "@tasker-observability/testkit";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
} from "vitest";
import { WorkerStartError } from "../start-error.js";
import { eventually } from "../testing/test-worker.js";
import { resolveWorkerOptions } from "../options/worker-options.js";
import { type OpenPool, openPool } from "./open-pool.js";
import type { OpenDatabase } from "./opened-database.js";
import { type NeededQueues, type PreparedQueues, prepareQueues } from "./prepare-queues.js";

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.drop());

const queues: NeededQueues = {
  notifying: ["payments_queue"],
  plain: ["payments_dead_letter"],
  notifications: "auto",
};
const never = new AbortController().signal;

function open(url = database.url): OpenPool {
  const opened = openPool(url, resolveWorkerOptions({}), createWorkerContext());
  onTestFinished(() => opened.close());
  return opened;
}

function prepare(
  opened: OpenDatabase,
  wanted: NeededQueues = queues,
  signal: AbortSignal = never,
): Promise<PreparedQueues> {
  return prepareQueues({
    opened,
    queues: wanted,
    clock: systemClock,
    logger: () => undefined,
    signal,
  });
}

/** A role of its own, which owns nothing here. */
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
  it("installs PGMQ, creates what is missing and has inserts notify, for many workers at once", async () => {
    const opened = open();
    const prepared = await Promise.all(Array.from({ length: 4 }, () => prepare(opened)));
    const [queue] = prepared[0]!.notifications;
    expect(queue).toMatchObject({ queueName: "payments_queue", ours: "enabled", pgmq: "none" });
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

  it("changes nothing the next time, and keeps what is on the queues", async () => {
    const opened = open();
    await opened.pool.query("select pgmq.send('payments_queue', '{}')");
    await prepare(opened);
    expect(
      (await opened.pool.query("select count(*)::int as n from pgmq.q_payments_queue")).rows,
    ).toEqual([{ n: 1 }]);
  });

  it("makes the tables that PGMQ lists and that are gone", async () => {
    const opened = open();
    await opened.pool.query("drop table pgmq.q_payments_queue, pgmq.a_payments_dead_letter");
    await expect(prepare(opened)).resolves.toMatchObject({ notifications: [{ ours: "enabled" }] });
    await opened.pool.query(
      "select pgmq.archive(name, id) from (values ('payments_queue'), ('payments_dead_letter')) as queues(name), pgmq.send(name, '{}') as id",
    );
    expect(
      (await opened.pool.query("select count(*)::int as n from pgmq.a_payments_dead_letter")).rows,
    ).toEqual([{ n: 1 }]);
  });

  it("puts no trigger on a queue that was there, though it makes its archive, and none where notifications are off", async () => {
    const found = await createTestDatabase({ pgmq: true });
    onTestFinished(() => found.drop());
    const opened = open(found.url);
    await opened.pool.query(
      "select pgmq.create('payments_queue'); drop table pgmq.a_payments_queue",
    );
    const wanted: NeededQueues = { ...queues, notifying: ["payments_queue", "orders_queue"] };
    for (const notifications of ["off", "auto"] as const)
      await prepare(opened, { ...wanted, notifications });
    await opened.pool.query("select pgmq.drop_queue('orders_queue')");
    await expect(prepare(opened, wanted)).resolves.toMatchObject({
      notifications: [
        { queueName: "orders_queue", ours: "enabled", failure: null },
        { queueName: "payments_queue", ours: "none", failure: null },
      ],
    });
    const { rows } = await opened.pool.query<{ queue: string }>(
      "select tgrelid::regclass::text as queue from pg_trigger where not tgisinternal",
    );
    expect(rows).toEqual([{ queue: "pgmq.q_orders_queue" }]);
  });

  it("makes queues, and says why they do not notify, where another role has the trigger's function", async () => {
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
    await expect(prepare(open(url.href))).resolves.toMatchObject({
      notifications: [{ ours: "none", failure: { error: { code: "42501" } } }],
    });
    await withClient(found.url, (client) => client.query(`drop owned by ${url.username}`));
  });

  it.each([
    ["has PGMQ and the queues", () => database],
    ["has no PGMQ", () => createTestDatabase()],
  ])(
    "refuses a database that takes no writes, and asks for the primary: one that %s",
    async (_what, find) => {
      const found = await find();
      if (found !== database) onTestFinished(() => found.drop());
      const failure = prepare(open(`${found.url}?options=-cdefault_transaction_read_only=on`));
      await expect(failure).rejects.toBeInstanceOf(WorkerStartError);
      await expect(failure).rejects.toThrow(
        /takes no writes: the server is a standby.*Point common\.database\.url \(DATABASE_URL\) at the primary/,
      );
    },
  );
});

describe("preparing queues that others use", () => {
  let used: TestDatabase;
  let opened: OpenPool;
  beforeEach(async () => {
    used = await createTestDatabase({ pgmq: true });
    opened = open(used.url);
  });
  afterEach(async () => {
    await opened.close();
    await used.drop();
  });

  const waiting = async (): Promise<number> => {
    const { rows } = await opened.pool.query<{ n: number }>(
      "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    return rows[0]!.n;
  };

  it("keeps no sender waiting behind a long transaction for an archive that is missing, and succeeds when that is over", async () => {
    await opened.pool.query(
      "select pgmq.create('payments_queue'); drop table pgmq.a_payments_queue",
    );
    await withClient(used.url, async (long) => {
      await long.query("begin; select pgmq.send('payments_queue', '{}')");
      const prepared = prepare(opened).catch((error: unknown) => error);
      await eventually("the wait for the table", async () => (await waiting()) > 0);
      await opened.pool.query("select pgmq.send('payments_queue', '{}')");
      expect(await prepared).toMatchObject({ code: "55P03" });
      await long.query("commit");
    });
    await expect(prepare(opened)).resolves.toBeDefined();
  });

  it("keeps no sender waiting behind a long transaction for what an earlier version left, and starts all the same", async () => {
    await opened.pool.query(
      "select pgmq.create('payments_queue'); select pgmq.enable_notify_insert('payments_queue', 250)",
    );
    await withClient(used.url, async (long) => {
      await long.query("begin; insert into pgmq.q_payments_queue (vt) select now() where false");
      const prepared = prepare(opened);
      await eventually("the wait for the table", async () => (await waiting()) > 0);
      await opened.pool.query("select pgmq.send('payments_queue', '{}')");
      expect(await prepared).toMatchObject({
        notifications: [{ pgmq: "enabled", failure: { error: { code: "55P03" } } }],
      });
      await long.query("commit");
    });
    await expect(prepare(opened)).resolves.toMatchObject({
      notifications: [{ ours: "enabled", pgmq: "none", isReplaced: true, failure: null }],
    });
  });

  it("is given up when the worker is stopped, on the server too, and leaves no connection behind", async () => {
    const stopping = new AbortController();
    await withClient(used.url, async (other) => {
      await other.query("select pg_advisory_lock(7246313950142818)");
      const preparing = prepare(opened, queues, stopping.signal);
      preparing.catch(() => undefined);
      await eventually("the wait", async () => (await waiting()) === 1);
      stopping.abort();
      await expect(preparing).rejects.toBe(stopping.signal.reason);
      await eventually("the end of the wait", async () => (await waiting()) === 0);
    });
  });

  it("is given up after half a minute, on the server too", async () => {
    const clock = createFakeClock();
    await withClient(used.url, async (other) => {
      await other.query("select pg_advisory_lock(7246313950142818)");
      const preparing = prepareQueues({
        opened,
        queues,
        clock,
        logger: () => undefined,
        signal: never,
      });
      preparing.catch(() => undefined);
      await eventually("the wait", async () => (await waiting()) === 1);
      await clock.advance(30_000);
      await expect(preparing).rejects.toMatchObject({ name: "TimeoutError" });
      await eventually("the end of the wait", async () => (await waiting()) === 0);
      expect(clock.pendingTimers()).toBe(0);
    });
  });

  it("takes no lock where nothing is missing", async () => {
    await prepare(opened);
    await withClient(used.url, async (other) => {
      await other.query("begin; lock table pgmq.q_payments_queue in share mode");
      await other.query("select pg_advisory_lock(7246313950142818)");
      await expect(prepare(opened)).resolves.toBeDefined();
    });
  });
});
