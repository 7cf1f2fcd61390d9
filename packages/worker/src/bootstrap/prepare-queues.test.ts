import {
  createTestDatabase,
  type TestDatabase,
  urlOfDatabase,
  withClient,
} from "@tasker-observability/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { WorkerStartError } from "../start-error.js";
import { eventually } from "../testing/test-worker.js";
import { prepareQueues } from "./prepare-queues.js";

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.drop());

const queues = { notifying: ["payments_queue"], plain: ["payments_dead_letter"] };
const never = new AbortController().signal;

function openPool(url = database.url): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  pool.on("error", () => undefined);
  onTestFinished(() => pool.end());
  return pool;
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
    const pool = openPool();
    const prepared = await Promise.all(
      Array.from({ length: 4 }, () => prepareQueues(pool, queues, never)),
    );
    expect(prepared).toEqual(Array(4).fill({ notifies: true }));
    const { rows } = await pool.query("select queue_name from pgmq.list_queues() order by 1");
    expect(rows).toEqual([
      { queue_name: "payments_dead_letter" },
      { queue_name: "payments_queue" },
    ]);
    const { rows: triggers } = await pool.query(
      "select tgrelid::regclass::text as queue from pg_trigger where tgname like 'trigger_notify%'",
    );
    expect(triggers).toEqual([{ queue: "pgmq.q_payments_queue" }]);
  });

  it("changes nothing the next time, and keeps what is on the queues", async () => {
    const pool = openPool();
    await pool.query("select pgmq.send('payments_queue', '{}')");
    await prepareQueues(pool, queues, never);
    expect((await pool.query("select count(*)::int as n from pgmq.q_payments_queue")).rows).toEqual(
      [{ n: 1 }],
    );
  });

  it("makes the tables that PGMQ lists and that are gone", async () => {
    const pool = openPool();
    await pool.query("drop table pgmq.q_payments_queue, pgmq.a_payments_dead_letter");
    await expect(prepareQueues(pool, queues, never)).resolves.toEqual({ notifies: true });
    await pool.query(
      "select pgmq.archive(name, id) from (values ('payments_queue'), ('payments_dead_letter')) as queues(name), pgmq.send(name, '{}') as id",
    );
    expect(
      (await pool.query("select count(*)::int as n from pgmq.a_payments_dead_letter")).rows,
    ).toEqual([{ n: 1 }]);
  });

  it("does without notification where PGMQ is too old for it", async () => {
    const old = await createTestDatabase({ pgmq: true });
    onTestFinished(() => old.drop());
    const pool = openPool(old.url);
    await pool.query("drop function pgmq.enable_notify_insert cascade");
    await expect(prepareQueues(pool, queues, never)).resolves.toEqual({ notifies: false });
  });

  it("says what an administrator can do where the role may not use PGMQ", async () => {
    const pool = openPool(await createRole());
    const failure = prepareQueues(pool, queues, never);
    await expect(failure).rejects.toBeInstanceOf(WorkerStartError);
    await expect(failure).rejects.toThrow("select pgmq.create('payments_queue')");
  });

  it("says which rights on which queues are missing, and what grants them", async () => {
    const url = await createRole();
    const { username } = new URL(url);
    await withClient(database.url, (client) =>
      client.query(
        `grant usage on schema pgmq to ${username}; grant select on all tables in schema pgmq to ${username}`,
      ),
    );
    const failure = prepareQueues(openPool(url), queues, never);
    await expect(failure).rejects.toBeInstanceOf(WorkerStartError);
    const advice =
      "GRANT insert ON pgmq.a_payments_queue TO role; GRANT insert ON pgmq.q_payments_dead_letter TO role; GRANT update, delete ON pgmq.q_payments_queue TO role.".replaceAll(
        "role",
        username,
      );
    await expect(failure).rejects.toThrow(
      `This database role lacks rights on queues that the worker needs. An administrator can run: ${advice}`,
    );
    await withClient(database.url, (client) => client.query(advice.slice(0, -1)));
    await expect(prepareQueues(openPool(url), queues, never)).resolves.toBeDefined();
  });

  it("names a few of many missing rights, and how many more there are", async () => {
    const url = await createRole();
    const { username } = new URL(url);
    const many = {
      notifying: Array.from({ length: 10 }, (_, number) => `many_${number}`),
      plain: [],
    };
    await prepareQueues(openPool(), many, never);
    await withClient(database.url, (client) =>
      client.query(
        `grant usage on schema pgmq to ${username}; grant select on all tables in schema pgmq to ${username}`,
      ),
    );
    await expect(prepareQueues(openPool(url), many, never)).rejects.toThrow(
      /(GRANT [^;]*; ){6}and 14 more like these\.$/,
    );
  });

  it.each([
    ["has PGMQ and the queues", () => database],
    ["has no PGMQ", () => createTestDatabase()],
  ])(
    "refuses a database that takes no writes, and asks for the primary: one that %s",
    async (_what, find) => {
      const found = await find();
      if (found !== database) onTestFinished(() => found.drop());
      const failure = prepareQueues(
        openPool(`${found.url}?options=-cdefault_transaction_read_only=on`),
        queues,
        never,
      );
      await expect(failure).rejects.toBeInstanceOf(WorkerStartError);
      await expect(failure).rejects.toThrow(
        /takes no writes: the server is a standby.*Point common\.database\.url \(DATABASE_URL\) at the primary/,
      );
    },
  );

  it("does without notification where the queues are another role's", async () => {
    const url = await createRole();
    const { username } = new URL(url);
    await withClient(database.url, async (client) => {
      await client.query(
        `drop trigger trigger_notify_queue_insert_listeners on pgmq.q_payments_queue`,
      );
      await client.query(
        `grant usage on schema pgmq to ${username}; grant select, insert, update, delete on all tables in schema pgmq to ${username}`,
      );
    });
    await expect(prepareQueues(openPool(url), queues, never)).resolves.toEqual({ notifies: false });
  });

  it("is given up when the worker is stopped, in the middle of a wait too, and leaves no connection behind", async () => {
    const [pool, other] = [openPool(), openPool()];
    await other.query("select pg_advisory_lock(7246313950142818)");
    const stopping = new AbortController();
    const preparing = prepareQueues(pool, queues, stopping.signal);
    await eventually(
      "the wait",
      async () =>
        (
          await other.query(
            "select from pg_stat_activity where wait_event = 'advisory' and datname = current_database()",
          )
        ).rowCount === 1,
    );
    stopping.abort();
    await expect(preparing).rejects.toThrow();
    expect(pool.totalCount).toBe(0);
  });
});
