import type { Database } from "@tasker-observability/core";
import {
  createTestDatabase,
  startTcpProxy,
  type TcpProxy,
  type TestDatabase,
} from "@tasker-observability/testkit";
import pg from "pg";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { fromPgPool } from "./from-pg-pool.js";
import { fromPostgres } from "./index.js";
import type { SqlClient } from "./sql-client.js";

/** Both adapters, made over the driver's own pool of at most `max` connections. */
interface Driver {
  readonly client: Database & SqlClient;
  end(): Promise<void>;
}
const notices = vi.fn();
const drivers: Record<"pg" | "postgres.js", (url: string, max: number) => Driver> = {
  pg(url, max) {
    const pool = new pg.Pool({ connectionString: url, max, application_name: "under test" });
    pool.on("error", () => undefined);
    return { client: fromPgPool(pool), end: () => pool.end() };
  },
  "postgres.js"(url, max) {
    const sql = postgres(url, {
      max,
      onnotice: notices,
      connection: { application_name: "under test" },
    });
    return { client: fromPostgres(sql), end: () => sql.end({ timeout: 1 }) };
  },
};

let database: TestDatabase;
let proxy: TcpProxy;
let admin: pg.Client;
const opened: Driver[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy({ host: "127.0.0.1", port: Number(new URL(database.url).port) });
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await proxy.close();
  await database.drop();
});
afterEach(async () => {
  await proxy.restore();
  await Promise.all(opened.splice(0).map((driver) => driver.end()));
  // A server that sleeps does not notice that its client has gone.
  await vi.waitFor(async () => {
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    expect(await sessions()).toBe(0);
  });
});

const forEver = new AbortController().signal;

async function sessions(condition = "true"): Promise<number> {
  const { rows } = await admin.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'under test' and ${condition}`,
  );
  return rows[0]!.count;
}

describe.each(Object.entries(drivers))("a database asked through %s", (name, openDriver) => {
  const open = (url = database.url, max = 2): Database & SqlClient => {
    const driver = openDriver(url, max);
    opened.push(driver);
    return driver.client;
  };
  const ask = (client: SqlClient, text: string, signal = forEver): Promise<unknown> =>
    client.withConnection((connection) => connection.query({ text }), { signal });
  beforeEach(() => notices.mockClear());

  it("answers a ping", async () => {
    await expect(open().ping(forEver)).resolves.toBeUndefined();
  });

  it("rejects a ping with the driver's own error where nothing listens, and where it may not log in", async () => {
    const elsewhere = new URL(database.url);
    elsewhere.port = "1";
    await expect(open(elsewhere.href).ping(forEver)).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
    const stranger = new URL(database.url);
    stranger.username = "nobody_knows";
    await expect(open(stranger.href).ping(forEver)).rejects.toMatchObject({
      code: expect.stringMatching(/^28/) as string,
    });
  });

  it("asks nothing for a caller who has given up", async () => {
    const client = open();
    const reason = new Error("given up");
    const use = vi.fn();
    await expect(client.ping(AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(client.withConnection(use, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    expect(use).not.toHaveBeenCalled();
    expect(await sessions()).toBe(0);
  });

  it("gives rows by column name, and binds values as text", async () => {
    const rows = await open().withConnection(
      (connection) =>
        connection.query({
          text: `select $1::text as a_text, $2::int + 1 as a_number, $3::text as nothing`,
          values: ["it's", 41, null],
        }),
      { signal: forEver },
    );
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { a_text: "it's", a_number: 42, nothing: null },
    ]);
  });

  it("lends one connection for the whole of a use, and takes it back", async () => {
    const client = open(database.url, 1);
    const pids = await Promise.all(
      [1, 2, 3].map(() =>
        client.withConnection(
          async (connection) => {
            const [first] = await connection.query({ text: "select pg_backend_pid() as pid" });
            const [second] = await connection.query({ text: "select pg_backend_pid() as pid" });
            expect(second!.pid).toBe(first!.pid);
            return first!.pid;
          },
          { signal: forEver },
        ),
      ),
    );
    expect(new Set(pids).size).toBe(1);
  });

  it("runs several commands in one text, without rows", async () => {
    const rows = await open().withConnection(
      async (connection) => {
        expect(
          await connection.query({ text: "begin read only; set local lock_timeout = 123" }),
        ).toEqual([]);
        const shown = await connection.query({ text: "show lock_timeout" });
        expect(await connection.query({ text: "select 1; select 2; commit" })).toEqual([]);
        return shown;
      },
      { signal: forEver },
    );
    expect(rows.map((row) => ({ ...row }))).toEqual([{ lock_timeout: "123ms" }]);
  });

  it("prepares a named statement once a connection, with values and without, and an unnamed one never", async () => {
    const prepared = await open(database.url, 1).withConnection(
      async (connection) => {
        for (let round = 0; round < 3; round += 1) {
          await connection.query({ name: "one", text: "select $1::text as one", values: ["a"] });
          await connection.query({ name: "two", text: "select 2 as two" });
          await connection.query({ text: "select $1::text as three", values: ["a"] });
        }
        return connection.query({
          text: "select statement from pg_prepared_statements where statement ~ 'as (one|two|three)' order by 1",
        });
      },
      { signal: forEver },
    );
    expect(prepared.map(({ statement }) => statement)).toEqual([
      "select $1::text as one",
      "select 2 as two",
    ]);
  });

  it("runs a named statement that the server has lost, and names none from then on", async () => {
    const client = open(database.url, 1);
    const named = { name: "lost", text: "select 'here' as found" };
    await client.withConnection(
      async (connection) => {
        for (let round = 0; round < 3; round += 1) {
          expect(await connection.query(named)).toMatchObject([{ found: "here" }]);
          await connection.query({ text: "deallocate all" });
        }
      },
      { signal: forEver },
    );
  });

  it("rejects a transaction that a lost statement has spoilt with that reason, so that it can be run again", async () => {
    const client = open(database.url, 1);
    const named = { name: "lost", text: "select 'here' as found" };
    const transaction = (spoil: string): Promise<unknown> =>
      client.withConnection(
        async (connection) => {
          await connection.query(named);
          await connection.query({ text: `${spoil}; begin` });
          const found = await connection.query(named);
          await connection.query({ text: "commit" });
          return found;
        },
        { signal: forEver },
      );
    await expect(transaction("deallocate all")).rejects.toMatchObject({ code: "26000" });
    await expect(transaction("deallocate all")).resolves.toMatchObject([{ found: "here" }]);
  });

  it("passes on what a use rejects with, and leaves nothing of it behind", async () => {
    const client = open(database.url, 1);
    const failure = new Error("no");
    const failing = client.withConnection(
      async (connection) => {
        await connection.query({ text: "begin; create table half_done (id int)" });
        throw failure;
      },
      { signal: forEver },
    );
    await expect(failing).rejects.toBe(failure);
    expect(
      await ask(
        client,
        "select to_regclass('half_done') as found, now() = statement_timestamp() as alone",
      ),
    ).toMatchObject([{ found: null, alone: true }]);
    await vi.waitFor(async () =>
      expect(await sessions("state like 'idle in transaction%'")).toBe(0),
    );
    expect(notices).not.toHaveBeenCalled();
  });

  it("goes on after a statement that fails, in a transaction or not, without a word on the console", async () => {
    const client = open(database.url, 1);
    await expect(ask(client, "select 1 / 0")).rejects.toMatchObject({ code: "22012" });
    await expect(ask(client, "begin; select 1 / 0")).rejects.toMatchObject({ code: "22012" });
    expect(await ask(client, "select 1 as up")).toMatchObject([{ up: 1 }]);
    expect(notices).not.toHaveBeenCalled();
  });

  it("sends nothing more once the caller gives up, and rejects with their reason", async () => {
    const client = open(database.url, 1);
    const caller = new AbortController();
    const reason = new Error("given up");
    const call = client.withConnection(
      async (connection) => {
        await connection.query({ text: "begin; create table half_done (id int)" });
        caller.abort(reason);
        await connection.query({ text: "commit" });
      },
      { signal: caller.signal },
    );
    await expect(call).rejects.toBe(reason);
    expect(await ask(client, "select to_regclass('half_done') as found")).toMatchObject([
      { found: null },
    ]);
  });

  it("survives that the server ends a connection in the middle of a statement", async () => {
    const client = open(database.url, 1);
    const cut = ask(client, "select pg_sleep(60)");
    const rejected = expect(cut).rejects.toBeInstanceOf(Error);
    await vi.waitFor(async () => expect(await sessions("wait_event = 'PgSleep'")).toBe(1));
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()",
    );
    await rejected;
    expect(await ask(client, "select 1 as up")).toMatchObject([{ up: 1 }]);
  });

  it("answers a ping late where the network lets it through late", async () => {
    const client = open(proxy.url(database.url));
    await client.ping(forEver);
    proxy.blackhole();
    const late = client.ping(forEver);
    await proxy.restore();
    await expect(late).resolves.toBeUndefined();
  });

  it(`tells the state of its pool: ${name === "pg" ? "size, idle, waiting and max" : "nothing"}`, async () => {
    const client = open();
    await client.ping(forEver);
    expect(client.pool()).toEqual(name === "pg" ? { size: 1, idle: 1, waiting: 0, max: 2 } : null);
  });
});
