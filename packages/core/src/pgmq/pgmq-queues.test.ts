import { createFakeClock, createTestDatabase, startTcpProxy, type TestDatabase } from "@tasker-observability/testkit";
import pg from "pg";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { fromPgPool } from "../pg/index.js";
import type { QueueStatistics } from "../ports.js";
import { fromPostgres } from "../postgres/index.js";
import type { SqlClient, SqlStatement } from "../sql-client.js";
import { type PgmqQueue, queueNameOf } from "./pgmq-queue.js";
import { createPgmqQueues, type PgmqQueuesOptions } from "./pgmq-queues.js";

let database: TestDatabase;
let admin: pg.Client;
const cleanUps: (() => unknown)[] = [];
const forEver = new AbortController().signal;

beforeAll(async () => {
  database = await createTestDatabase({ pgmq: true });
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  const { rows } = await admin.query<{ relname: string }>("select relname from pg_class where relnamespace = 'pgmq'::regnamespace and relname ~ '^[qa]_' and relkind in ('r', 'p') and not relispartition");
  for (const { relname } of rows) await admin.query(`drop table pgmq.${pg.escapeIdentifier(relname)} cascade`);
  await admin.query("truncate pgmq.meta cascade");
});

function openPool(url = database.url, max = 1): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  pool.on("error", () => undefined);
  cleanUps.push(() => pool.end());
  return pool;
}

function openPostgres(): SqlClient {
  const sql = postgres(database.url, { max: 1, onnotice: (notice) => expect.fail(`a notice: ${String(notice.message)}`) });
  cleanUps.push(() => sql.end({ timeout: 1 }));
  return fromPostgres(sql);
}

const clients = { pg: () => fromPgPool(openPool()), "postgres.js": openPostgres };

async function create(...names: string[]): Promise<void> {
  for (const name of names) await admin.query("select pgmq.create($1)", [name]);
}

/** Sends messages that were enqueued and become visible so many seconds ago; less than 0: in the future. */
async function send(name: string, ...messages: { enqueued?: number; visible?: number }[]): Promise<void> {
  for (const { enqueued = 0, visible = 0 } of messages) {
    await admin.query(`insert into pgmq.${pg.escapeIdentifier(`q_${name.toLowerCase()}`)} (enqueued_at, vt) values (now() - $1 * interval '1 second', now() - $2 * interval '1 second')`, [enqueued, visible]);
  }
}

async function sendMany(name: string, count: number): Promise<void> {
  await admin.query(`insert into pgmq.q_${name} (vt, message) select now(), '{}' from generate_series(1, $1)`, [count]);
}

const named = (...names: string[]): PgmqQueue[] => names.map((queue_name) => ({ namespace: `of ${queue_name}`, queue_name }));

async function read(queues: readonly PgmqQueue[], options: Partial<PgmqQueuesOptions> = {}): Promise<readonly QueueStatistics[]> {
  const reader = createPgmqQueues({ client: options.client ?? fromPgPool(openPool()), queues: () => queues, cacheTtlMs: 0, budgetMs: 20_000, statementTimeoutMs: 10_000, ...options });
  cleanUps.push(() => reader.close());
  return reader.statistics(forEver);
}

/** Runs `before` ahead of each statement. */
function hooked(client: SqlClient, before: (statement: SqlStatement) => unknown): SqlClient {
  return {
    withConnection: (use, options) =>
      client.withConnection(
        (connection) =>
          use({
            async query(statement) {
              await before(statement);
              return connection.query(statement);
            },
          }),
        options,
      ),
  };
}

/** Tells of each statement that fails. */
function failing(client: SqlClient, tell: (error: unknown) => void): SqlClient {
  return {
    withConnection: (use, options) =>
      client.withConnection(
        (connection) =>
          use({
            query: (statement) =>
              connection.query(statement).catch((error: unknown) => {
                tell(error);
                throw error;
              }),
          }),
        options,
      ),
  };
}

const states = (statistics: readonly QueueStatistics[]): Record<string, string> => Object.fromEntries(statistics.map(({ queue_name, state }) => [queue_name, state]));

describe.each(Object.entries(clients))("the numbers of PGMQ queues, read through %s", (_name, openClient) => {
  it("are exact below the bound: depth, what is visible of it, and both ages", async () => {
    await create("orders", "billing");
    await send("orders", { enqueued: 100, visible: -60 }, { enqueued: 90, visible: 80 }, { enqueued: 300, visible: 20 });
    await send("billing", { enqueued: 7, visible: 7 });
    expect(await read(named("orders", "billing"), { client: openClient() })).toEqual([
      { namespace: "of orders", queue_name: "orders", state: "readable", depth: 3, visible_depth: 2, oldest_message_age_seconds: 100, oldest_visible_age_seconds: 80, depth_estimated: false },
      { namespace: "of billing", queue_name: "billing", state: "readable", depth: 1, visible_depth: 1, oldest_message_age_seconds: 7, oldest_visible_age_seconds: 7, depth_estimated: false },
    ]);
  });

  it("have null ages where there is nothing, and nothing visible", async () => {
    await create("empty", "delayed");
    await send("delayed", { enqueued: 5, visible: -60 });
    expect(await read(named("empty", "delayed"), { client: openClient() })).toMatchObject([
      { state: "readable", depth: 0, visible_depth: 0, oldest_message_age_seconds: null, oldest_visible_age_seconds: null },
      { state: "readable", depth: 1, visible_depth: 0, oldest_message_age_seconds: 5, oldest_visible_age_seconds: null },
    ]);
  });

  it("are never negative, whatever the clock of the sender was", async () => {
    await create("early");
    await send("early", { enqueued: -50, visible: 0 });
    expect(await read(named("early"), { client: openClient() })).toMatchObject([{ oldest_message_age_seconds: 0, oldest_visible_age_seconds: 0 }]);
  });

  it("are the planner's estimate from the bound on", async () => {
    await create("below", "at", "above", "unanalyzed");
    for (const [name, count] of [["below", 99], ["at", 100], ["above", 1_000]] as const) await sendMany(name, count);
    await admin.query("analyze pgmq.q_at, pgmq.q_above");
    await sendMany("unanalyzed", 1_000);
    const statistics = await read(named("below", "at", "above", "unanalyzed"), { client: openClient(), exactUpTo: 100 });
    expect(statistics.map(({ depth, visible_depth, depth_estimated }) => ({ depth, visible_depth, depth_estimated }))).toEqual([
      { depth: 99, visible_depth: 99, depth_estimated: false },
      { depth: 100, visible_depth: 100, depth_estimated: true },
      { depth: 1_000, visible_depth: 1_000, depth_estimated: true },
      { depth: 100, visible_depth: 100, depth_estimated: true },
    ]);
  });

  it("are exact for what is visible of a deep queue, where that is little", async () => {
    await create("delayed");
    await admin.query("insert into pgmq.q_delayed (vt) select now() + interval '1 hour' from generate_series(1, 500)");
    await send("delayed", { enqueued: 3, visible: 9 }, { enqueued: 3, visible: 4 });
    await admin.query("analyze pgmq.q_delayed");
    expect(await read(named("delayed"), { client: openClient(), exactUpTo: 100 })).toMatchObject([
      { depth: 502, visible_depth: 2, depth_estimated: true, oldest_message_age_seconds: 0, oldest_visible_age_seconds: 9 },
    ]);
  });

  it("cost a missing queue that queue only", async () => {
    await create("here");
    await admin.query("insert into pgmq.meta (queue_name, is_partitioned, is_unlogged) values ('orphan', false, false)");
    expect(await read(named("gone", "here", "orphan"), { client: openClient() })).toMatchObject([
      { namespace: "of gone", queue_name: "gone", state: "missing", depth: null, visible_depth: null, oldest_message_age_seconds: null, oldest_visible_age_seconds: null, depth_estimated: false },
      { state: "readable", depth: 0 },
      { queue_name: "orphan", state: "missing" },
    ]);
  });

  it("cost a queue that is dropped while we read that queue only", async () => {
    await create("one", "two", "three");
    const drop = vi.fn(() => admin.query("select pgmq.drop_queue('two')"));
    const client = hooked(openClient(), ({ text }) => (text.includes('vt <= now') && drop.mock.calls.length === 0 ? drop() : undefined));
    expect(states(await read(named("one", "two", "three"), { client }))).toEqual({ one: "readable", two: "missing", three: "readable" });
    expect(drop).toHaveBeenCalledTimes(1);
  });

  it("cost a queue that somebody is dropping that queue only, and one waiting for its lock", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `queue_${index}`);
    await create(...names);
    const dropped = names.filter((_, index) => index % 4 === 1);
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    await other.query("begin");
    for (const name of dropped) await other.query("select pgmq.drop_queue($1)", [name]);
    const refusals: unknown[] = [];
    const client = failing(openClient(), (error) => refusals.push((error as { code: unknown }).code));
    const statistics = await read(named(...names), { client });
    expect(refusals).toEqual(["55P03"]);
    await other.query("rollback");
    await other.end();
    for (const { queue_name, state } of statistics) expect({ queue_name, state }).toEqual({ queue_name, state: dropped.includes(queue_name) ? "failed" : "readable" });
    expect(statistics).toHaveLength(40);
  });

  it("are found by any name that PGMQ takes", async () => {
    const names = ["Orders", "dash-ed", "ünï_çødé", 'quo"ted', "two words", "1st", "emoji🙂", "ж".repeat(47)];
    await create(...names);
    // PGMQ itself refuses this one; a table of that name can be there nevertheless.
    await admin.query(`create table pgmq."q_it's" (like pgmq.q_orders including all)`);
    names.push("it's");
    for (const name of names) await send(name, {}, {});
    const statistics = await read(named(...names), { client: openClient() });
    expect(statistics.map(({ queue_name, state, depth }) => [queue_name, state, depth])).toEqual(names.map((name) => [name, "readable", 2]));
  });

  it("take names that PostgreSQL cannot even hold for missing", async () => {
    await create("here");
    const impossible = ["nul\0", "half \ud83d", "quote'", "semi;colon", "", "x".repeat(5_000)];
    const statistics = await read(named("here", ...impossible), { client: openClient() });
    expect(statistics.map(({ state }) => state)).toEqual(["readable", ...impossible.map(() => "missing")]);
  });

  it("are read in few round trips", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `queue_${index}`);
    await create(...names);
    const statements: SqlStatement[] = [];
    const client = hooked(openClient(), (statement) => statements.push(statement));
    for (let round = 0; round < 2; round += 1) {
      statements.length = 0;
      expect(new Set(Object.values(states(await read(named(...names), { client }))))).toEqual(new Set(["readable"]));
      expect(statements.length).toBeLessThanOrEqual(3 * Math.ceil(60 / 25) + 5);
    }
  });

  it("leave the connection as it was: no transaction, no time-out, nothing written", async () => {
    await create("here");
    const client = openClient();
    await read(named("here", "gone"), { client });
    const rows = await client.withConnection(
      (connection) => connection.query({ text: "select current_setting('lock_timeout') as locks, current_setting('statement_timeout') as statements, current_setting('enable_sort') as sort, now() = statement_timestamp() as alone" }),
      { signal: forEver },
    );
    expect(rows).toMatchObject([{ locks: "0", statements: "0", sort: "on", alone: true }]);
  });
});

describe("createPgmqQueues", () => {
  it("names the queue of a namespace as Tasker does", () => {
    expect(queueNameOf("orders")).toBe("orders_queue");
  });

  it("refuses limits that are no whole numbers from 1 up: they end up in statements", () => {
    const client: SqlClient = { withConnection: () => expect.unreachable() };
    for (const limit of ["exactUpTo", "statementTimeoutMs", "lockTimeoutMs", "budgetMs"] as const) {
      for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "1; drop table x" as unknown as number]) {
        expect(() => createPgmqQueues({ client, queues: () => [], [limit]: value })).toThrow(`${limit} must be a whole number from 1 up.`);
      }
    }
  });

  it("asks the database nothing where there are no queues", async () => {
    const client: SqlClient = { withConnection: () => expect.unreachable() };
    await expect(createPgmqQueues({ client, queues: () => [] }).statistics(forEver)).resolves.toEqual([]);
  });

  it("counts 10 000 messages and estimates 10 001 by default, the estimate within a fifth after an analyze", async () => {
    await create("full", "over", "deep");
    for (const [name, count] of [["full", 10_000], ["over", 10_001], ["deep", 60_000]] as const) await sendMany(name, count);
    await admin.query("analyze");
    const [full, over, deep] = await read(named("full", "over", "deep"));
    expect(full).toMatchObject({ depth: 10_000, visible_depth: 10_000, depth_estimated: false });
    expect(over).toMatchObject({ depth: 10_001, depth_estimated: true });
    expect(deep!.depth_estimated).toBe(true);
    for (const depth of [deep!.depth!, deep!.visible_depth!]) expect(Math.abs(depth - 60_000)).toBeLessThan(12_000);
  });

  it("reads no more rows of a deep queue than it counts, also by a statement that was prepared while it was empty", async () => {
    await create("grown");
    await admin.query("alter table pgmq.q_grown set (autovacuum_enabled = off)");
    const client = fromPgPool(openPool());
    const reader = createPgmqQueues({ client, queues: () => named("grown"), cacheTtlMs: 0, exactUpTo: 100 });
    await reader.statistics(forEver);
    await admin.query("insert into pgmq.q_grown (vt) select now() + interval '1 hour' from generate_series(1, 20000)");
    const touched = async (): Promise<number> => {
      await client.withConnection((connection) => connection.query({ text: "select pg_stat_force_next_flush()" }), { signal: forEver });
      const { rows } = await admin.query<{ rows: number }>(
        "select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows from pg_stat_user_tables where relname = 'q_grown'",
      );
      return rows[0]!.rows;
    };
    const before = await touched();
    await expect(reader.statistics(forEver)).resolves.toMatchObject([{ depth: 100, visible_depth: 0, depth_estimated: true }]);
    expect((await touched()) - before).toBeLessThanOrEqual(202);
    reader.close();
  });

  it("tells a role that may not read a queue, or use the schema, which it may not", async () => {
    await create("open", "closed");
    const role = await loginRole();
    await admin.query(`grant usage on schema pgmq to ${role.name}; grant select on pgmq.q_open to ${role.name}`);
    expect(states(await read(named("open", "closed", "gone"), { client: role.client }))).toEqual({ open: "readable", closed: "forbidden", gone: "missing" });
    await admin.query(`revoke usage on schema pgmq from ${role.name}`);
    expect(states(await read(named("open", "closed", "gone"), { client: role.client }))).toEqual({ open: "forbidden", closed: "forbidden", gone: "missing" });
  });

  it("reads as a role that has pg_monitor and nothing else", async () => {
    await create("orders");
    await send("orders", {});
    const role = await loginRole();
    await admin.query(`grant pg_monitor to ${role.name}`);
    expect(await read(named("orders"), { client: role.client })).toMatchObject([{ state: "readable", depth: 1 }]);
  });

  it("charges a right that is taken away while we read to that queue only", async () => {
    await create("one", "two");
    const role = await loginRole();
    await admin.query(`grant usage on schema pgmq to ${role.name}; grant select on pgmq.q_one, pgmq.q_two to ${role.name}`);
    const client = hooked(role.client, ({ text }) => (text.includes('vt <= now') ? admin.query(`revoke select on pgmq.q_two from ${role.name}`) : undefined));
    expect(states(await read(named("one", "two"), { client }))).toEqual({ one: "readable", two: "forbidden" });
  });

  it("charges a statement that takes too long to its queue only", async () => {
    await create("quick", "slow");
    await send("slow", {});
    const role = await loginRole();
    await admin.query(`grant usage on schema pgmq to ${role.name}; grant select on pgmq.q_quick, pgmq.q_slow to ${role.name};
      alter table pgmq.q_slow enable row level security; create policy slow on pgmq.q_slow using (pg_sleep(60) is null)`);
    expect(states(await read(named("quick", "slow"), { client: role.client, statementTimeoutMs: 200 }))).toEqual({ quick: "readable", slow: "failed" });
  });

  it("gives what it has when its time is up, and calls the rest failed", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `queue_${index}`);
    await create(...names);
    const clock = createFakeClock();
    let chunks = 0;
    const client = hooked(fromPgPool(openPool()), async ({ text }) => {
      if (text.includes('vt <= now') && (chunks += 1) === 2) await clock.advance(750);
    });
    const statistics = await read(named(...names), { client, clock, budgetMs: 750 });
    expect(statistics.map(({ state }) => state)).toEqual(names.map((_, index) => (index < 50 ? "readable" : "failed")));
    expect(chunks).toBe(2);
  });

  it("grants no statement more time than is left for all", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `queue_${index}`);
    await create(...names);
    const clock = createFakeClock();
    const limits: string[] = [];
    let chunks = 0;
    const client = hooked(fromPgPool(openPool()), async ({ text }) => {
      limits.push(...(/statement_timeout = \d+/.exec(text) ?? []));
      if (text.includes("vt <= now") && (chunks += 1) === 1) await clock.advance(500);
    });
    await read(named(...names), { client, clock, budgetMs: 750, statementTimeoutMs: 300 });
    expect(limits).toEqual(["statement_timeout = 300", "statement_timeout = 250"]);
  });

  it("holds no transaction open for long where it is cut off from the database in the middle", async () => {
    await create("orders");
    const inner = fromPgPool(openPool());
    const limits: unknown[] = [];
    const client: SqlClient = {
      withConnection: (use, options) =>
        inner.withConnection(
          (connection) =>
            use({
              query: async (statement) => {
                if (statement.text.includes("vt <= now")) limits.push(...(await connection.query({ text: "select current_setting('idle_in_transaction_session_timeout') as idle" })));
                return connection.query(statement);
              },
            }),
          options,
        ),
    };
    await read(named("orders"), { client });
    expect(limits).toEqual([{ idle: "10s" }]);
  });

  it("finds nothing in a database without PGMQ", async () => {
    const empty = await createTestDatabase();
    cleanUps.push(() => empty.drop());
    expect(states(await read(named("orders"), { client: fromPgPool(openPool(empty.url)) }))).toEqual({ orders: "missing" });
  });

  it("reads unlogged queues", async () => {
    await admin.query("select pgmq.create_unlogged('fast')");
    await send("fast", { enqueued: 4, visible: 2 });
    expect(await read(named("fast"))).toMatchObject([{ state: "readable", depth: 1, visible_depth: 1, oldest_message_age_seconds: 4, oldest_visible_age_seconds: 2 }]);
  });

  it.each(["msg_id", "enqueued_at"])("reads queues that are partitioned by %s, and estimates them by their partitions", async (column) => {
    await createPartitioned("parted", column);
    await send("parted", { enqueued: 200, visible: -60 }, { enqueued: 100, visible: 50 }, { enqueued: 10, visible: 10 });
    expect(await read(named("parted"))).toMatchObject([{ depth: 3, visible_depth: 2, oldest_message_age_seconds: 200, oldest_visible_age_seconds: 50, depth_estimated: false }]);
    await admin.query("insert into pgmq.q_parted (enqueued_at, vt) select now() - interval '5 s', now() + (n % 2 * 2 - 1) * interval '1 minute' from generate_series(1, 997) n");
    await admin.query("analyze pgmq.q_parted_1; analyze pgmq.q_parted_2");
    const [deep] = await read(named("parted"), { exactUpTo: 100 });
    expect(deep).toMatchObject({ depth: 1_000, depth_estimated: true, oldest_message_age_seconds: 200 });
    expect(Math.abs(deep!.visible_depth! - 500)).toBeLessThan(50);
  });

  it("gives two namespaces on one queue, and two spellings of one name, an answer each", async () => {
    await create("shared");
    await send("shared", {});
    const statistics = await read([
      { namespace: "a", queue_name: "shared" },
      { namespace: "b", queue_name: "shared" },
      { namespace: "c", queue_name: "SHARED" },
    ]);
    expect(statistics.map(({ namespace, queue_name, depth }) => [namespace, queue_name, depth])).toEqual([["a", "shared", 1], ["b", "shared", 1], ["c", "SHARED", 1]]);
  });

  it("gives frozen statistics", async () => {
    await create("here");
    const statistics = await read(named("here", "gone"));
    expect(Object.isFrozen(statistics)).toBe(true);
    for (const queue of statistics) expect(Object.isFrozen(queue)).toBe(true);
  });

  it("shares one reading between all who ask, for its time-to-live", async () => {
    await create("here");
    const clock = createFakeClock();
    const asked = vi.fn(() => named("here"));
    const reader = createPgmqQueues({ client: fromPgPool(openPool()), queues: asked, clock });
    const [first, second] = await Promise.all([reader.statistics(forEver), reader.statistics(forEver)]);
    expect(second).toBe(first);
    await clock.advance(999);
    expect(await reader.statistics(forEver)).toBe(first);
    expect(asked).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect(await reader.statistics(forEver)).not.toBe(first);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it("rejects a caller who gives up with their reason, and goes on for the others", async () => {
    await create("here");
    const caller = new AbortController();
    const reader = createPgmqQueues({ client: fromPgPool(openPool()), queues: () => named("here") });
    const [given, kept] = [reader.statistics(caller.signal), reader.statistics(forEver)];
    const reason = new Error("given up");
    caller.abort(reason);
    await expect(given).rejects.toBe(reason);
    await expect(kept).resolves.toMatchObject([{ state: "readable" }]);
    await expect(reader.statistics(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it("rejects with the database's own error where it cannot be asked at all", async () => {
    const elsewhere = new URL(database.url);
    elsewhere.port = "1";
    await expect(read(named("here"), { client: fromPgPool(openPool(elsewhere.href)) })).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("gives a dead network up at its time-out, destroys the connection, and reads again when the network is back", async () => {
    await create("here");
    const proxy = await startTcpProxy({ host: "127.0.0.1", port: Number(new URL(database.url).port) });
    cleanUps.push(() => proxy.close());
    const pool = openPool(proxy.url(database.url));
    const clock = createFakeClock();
    const reader = createPgmqQueues({ client: fromPgPool(pool), queues: () => named("here"), clock });
    await reader.statistics(forEver);
    await clock.advance(1_000);
    proxy.blackhole();
    const lost = reader.statistics(forEver);
    const rejected = expect(lost).rejects.toThrow("The queues were not read in time.");
    await vi.waitFor(() => expect(pool.idleCount).toBe(0));
    await clock.advance(5_000);
    await rejected;
    expect(pool.totalCount).toBe(0);
    await proxy.restore();
    await clock.advance(1_000);
    await expect(reader.statistics(forEver)).resolves.toMatchObject([{ state: "readable" }]);
  });

  it("once closed gives up what it reads, and rejects", async () => {
    const reader = createPgmqQueues({ client: { withConnection: () => new Promise(() => undefined) }, queues: () => named("here") });
    const asked = expect(reader.statistics(forEver)).rejects.toThrow("closed");
    reader.close();
    reader.close();
    await asked;
    await expect(reader.statistics(forEver)).rejects.toThrow("closed");
  });
});

async function loginRole(): Promise<{ name: string; client: SqlClient }> {
  const name = `role_${database.name}`;
  await admin.query(`create role ${name} login password 'p'`);
  cleanUps.push(() => admin.query(`drop owned by ${name} cascade; drop role ${name}`));
  const url = new URL(database.url);
  url.username = name;
  url.password = "p";
  return { name, client: fromPgPool(openPool(url.href)) };
}

/** As PGMQ makes them with pg_partman: no primary key, no index on `vt`, one on the column that it is partitioned by. */
async function createPartitioned(name: string, column: string): Promise<void> {
  const bounds = column === "msg_id" ? ["minvalue", "500", "maxvalue"] : ["minvalue", "now() - interval '50 s'", "maxvalue"];
  await admin.query(`create table pgmq.q_${name} (msg_id bigint generated always as identity, read_ct int default 0 not null,
    enqueued_at timestamptz default now() not null, vt timestamptz not null, message jsonb) partition by range (${column})`);
  for (const part of [1, 2]) await admin.query(`create table pgmq.q_${name}_${part} partition of pgmq.q_${name} for values from (${bounds[part - 1]}) to (${bounds[part]})`);
  await admin.query(`create index on pgmq.q_${name} (${column})`);
}
