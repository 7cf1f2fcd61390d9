import type { QueueStatistics } from "@tasker-observability/core";
import { fromPgPool, type SqlClient, type SqlStatement } from "@tasker-observability/postgres";
import { createTestDatabase, type TestDatabase } from "@tasker-observability/testkit";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PgmqQueue } from "./pgmq-queue.js";
import { createPgmqQueues } from "./pgmq-queues.js";

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase({ pgmq: true });
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  await pool.query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
  await pool.query("select pgmq.create(name) from unnest(array['orders', 'billing']) as name");
});

/** A reader that says how often it asked the catalog, and what it asked since it was last asked that. */
function openReader(names: readonly string[] = ["orders", "billing"]) {
  let lookUps = 0;
  let statements: SqlStatement[] = [];
  let queues: readonly PgmqQueue[] = toQueues(names);
  const inner = fromPgPool(pool);
  const client: SqlClient = {
    withConnection: (use, options) =>
      inner.withConnection(
        (connection) =>
          use({
            query: (statement) => (
              statements.push(statement),
              (lookUps += statement.text.includes("as wanted(queue)") ? 1 : 0),
              connection.query(statement)
            ),
          }),
        options,
      ),
  };
  const reader = createPgmqQueues({
    client,
    queues: () => queues,
    exactUpTo: 100,
    cacheTtlMs: 0,
    budgetMs: 20_000,
    statementTimeoutMs: 10_000,
  });
  return {
    lookUps: () => lookUps,
    /** The named statements of all readings since it was last called, a look-up left out. */
    queueStatements: () => {
      const named = statements.filter(
        ({ name, text }) => name !== undefined && !text.includes("as wanted(queue)"),
      );
      statements = [];
      return named.map(({ name }) => name);
    },
    ask: (others: readonly string[]) => void (queues = toQueues(others)),
    read: (): Promise<readonly QueueStatistics[]> =>
      reader.statistics(new AbortController().signal),
  };
}

const toQueues = (names: readonly string[]): PgmqQueue[] =>
  names.map((name) => ({ namespace: name, queue_name: name }));
const insert = (name: string, count: number, vt = "now()"): Promise<unknown> =>
  pool.query(`insert into pgmq.q_${name} (vt) select ${vt} from generate_series(1, ${count})`);
const numbersOf = (statistics: readonly QueueStatistics[]): unknown[] =>
  statistics.map(({ state, depth, visible_depth }) => [state, depth, visible_depth]);

describe("queues that were read well", () => {
  it("are not looked up in the catalog again, and their numbers are new every time", async () => {
    const { read, lookUps } = openReader();
    await read();
    for (const count of [1, 2, 3]) {
      await insert("orders", 1);
      expect(numbersOf(await read())).toEqual([
        ["readable", count, count],
        ["readable", 0, 0],
      ]);
    }
    expect(lookUps()).toBe(1);
  });

  it("are looked up again when others are asked for", async () => {
    const { read, ask, lookUps } = openReader();
    await read();
    ask(["billing"]);
    expect(numbersOf(await read())).toEqual([["readable", 0, 0]]);
    expect(lookUps()).toBe(2);
  });

  it("are missing once they are dropped, and there again once they are made anew", async () => {
    const { read } = openReader();
    await read();
    await pool.query("select pgmq.drop_queue('orders')");
    expect(numbersOf(await read())).toEqual([
      ["missing", null, null],
      ["readable", 0, 0],
    ]);
    await pool.query("select pgmq.create('orders')");
    await insert("orders", 2);
    expect(numbersOf(await read())).toEqual([
      ["readable", 2, 2],
      ["readable", 0, 0],
    ]);
  });

  it("are estimated by the table that is there now, though it was dropped and made anew between two readings", async () => {
    const { read } = openReader();
    await insert("orders", 500);
    await pool.query("analyze pgmq.q_orders");
    expect(numbersOf(await read())[0]).toEqual(["readable", 500, 500]);
    await pool.query("select pgmq.drop_queue('orders'), pgmq.create('orders')");
    await insert("orders", 900);
    await pool.query("analyze pgmq.q_orders");
    expect(numbersOf(await read())[0]).toEqual(["readable", 900, 900]);
  });
});

describe("a queue that is read as a shallow one", () => {
  it("is read as a deep one in the same reading where it has become that, with what is visible of it all the same", async () => {
    const { read } = openReader();
    await read();
    await insert("orders", 300, "now() + interval '1 hour'");
    await insert("orders", 7);
    await pool.query("analyze pgmq.q_orders");
    expect(await read()).toMatchObject([
      { depth: 307, visible_depth: 7, depth_estimated: true },
      { depth: 0 },
    ]);
  });

  it("is not tried as that again once it was deep, though another queue is missing and all are looked up anew", async () => {
    const { read, queueStatements } = openReader(["orders", "missing"]);
    await insert("orders", 300);
    expect(numbersOf(await read())).toEqual([
      ["readable", 100, 100],
      ["missing", null, null],
    ]);
    expect(queueStatements()).toHaveLength(2);
    for (let round = 0; round < 3; round += 1) await read();
    expect(queueStatements()).toHaveLength(3);
  });

  it("is taken for a deep one from the start where the planner knows it for that", async () => {
    const { read, queueStatements } = openReader(["orders"]);
    await insert("orders", 300);
    await pool.query("analyze pgmq.q_orders");
    await read();
    expect(queueStatements()).toHaveLength(1);
  });

  it("costs no new statement, however often it becomes a deep one and a shallow one again", async () => {
    const { read, queueStatements } = openReader();
    for (let turn = 0; turn < 4; turn += 1) {
      await insert("orders", 300);
      await read();
      await read();
      await pool.query("truncate pgmq.q_orders");
      await insert("billing", 150);
      await read();
      await pool.query("truncate pgmq.q_billing");
      await read();
    }
    const names = queueStatements();
    expect(names.length).toBeGreaterThan(16);
    expect(new Set(names).size).toBeLessThanOrEqual(3);
  });

  it("has every row of its own counted, up to the bound and no further", async () => {
    const { read } = openReader(["orders"]);
    await insert("orders", 99);
    expect(await read()).toMatchObject([{ depth: 99, visible_depth: 99, depth_estimated: false }]);
    await insert("orders", 1);
    expect(await read()).toMatchObject([{ depth: 100, visible_depth: 100, depth_estimated: true }]);
  });
});

describe("a queue that had more visible messages than are counted", () => {
  it("is counted exactly again once they are fewer: visible, and in all", async () => {
    const { read } = openReader(["orders"]);
    await insert("orders", 300);
    await pool.query("analyze pgmq.q_orders");
    for (let round = 0; round < 3; round += 1)
      expect(await read()).toMatchObject([
        { depth: 300, visible_depth: 300, depth_estimated: true },
      ]);
    await pool.query("update pgmq.q_orders set vt = now() + interval '1 hour' where msg_id > 100");
    expect(await read()).toMatchObject([{ depth: 300, visible_depth: 300, depth_estimated: true }]);
    await pool.query("update pgmq.q_orders set vt = now() + interval '1 hour' where msg_id > 99");
    expect(await read()).toMatchObject([{ depth: 300, visible_depth: 99, depth_estimated: true }]);
    await pool.query("delete from pgmq.q_orders where msg_id > 50");
    for (let round = 0; round < 3; round += 1)
      expect(await read()).toMatchObject([
        { depth: 50, visible_depth: 50, depth_estimated: false },
      ]);
  });

  it("has the ages of its oldest messages", async () => {
    const { read } = openReader(["orders"]);
    await pool.query(
      "insert into pgmq.q_orders (enqueued_at, vt) values (now() - interval '500 s', now() + interval '1 hour'), (now() - interval '400 s', now() - interval '300 s')",
    );
    await insert("orders", 300);
    for (let round = 0; round < 3; round += 1) {
      const [queue] = await read();
      const { rows } = await pool.query<{ message: number; visible: number }>(
        "select extract(epoch from clock_timestamp() - min(enqueued_at))::float8 as message, extract(epoch from clock_timestamp() - min(vt))::float8 as visible from pgmq.q_orders",
      );
      // Whole seconds, rounded.
      const [message, visible] = [rows[0]!.message + 1, rows[0]!.visible + 1];
      expect(queue!.oldest_message_age_seconds).toBeGreaterThanOrEqual(500);
      expect(queue!.oldest_message_age_seconds).toBeLessThanOrEqual(message);
      expect(queue!.oldest_visible_age_seconds).toBeGreaterThanOrEqual(300);
      expect(queue!.oldest_visible_age_seconds).toBeLessThanOrEqual(visible);
    }
  });

  it("costs no more rows than are counted, and twice as many where they are no longer visible", async () => {
    const { read } = openReader(["orders"]);
    await pool.query("alter table pgmq.q_orders set (autovacuum_enabled = off)");
    await insert("orders", 5_000);
    const touched = async (): Promise<number> => {
      await pool.query("select pg_stat_force_next_flush()");
      const { rows } = await pool.query<{ rows: number }>(
        "select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows from pg_stat_user_tables where relname = 'q_orders'",
      );
      return rows[0]!.rows;
    };
    const costOfReading = async (): Promise<number> => {
      const before = await touched();
      await read();
      return (await touched()) - before;
    };
    await read();
    expect(await costOfReading()).toBeLessThanOrEqual(102);
    await pool.query("update pgmq.q_orders set vt = now() + interval '1 hour'");
    expect(await costOfReading()).toBeLessThanOrEqual(202);
  });
});
