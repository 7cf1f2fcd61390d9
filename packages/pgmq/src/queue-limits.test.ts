import { fromPgPool, type SqlClient, type SqlStatement } from "@tasker-observability/postgres";
import { createFakeClock } from "@tasker-observability/testkit";
import pg from "pg";
import { describe, expect, it, vi } from "vitest";
import { failing, hooked } from "./testing/hooked-client.js";
import { named, states, useQueueHarness } from "./testing/queue-harness.js";
import { createPgmqQueues } from "./pgmq-queues.js";

const harness = useQueueHarness();
const { query, openPool, create, send, read, loginRole } = harness;
const forEver = new AbortController().signal;

describe.each(Object.entries(harness.clients))(
  "the numbers of PGMQ queues, read through %s",
  (_name, openClient) => {
    it("cost a missing queue that queue only", async () => {
      await create("here");
      await query(
        "insert into pgmq.meta (queue_name, is_partitioned, is_unlogged) values ('orphan', false, false)",
      );
      expect(await read(named("gone", "here", "orphan"), { client: openClient() })).toMatchObject([
        {
          namespace: "of gone",
          queue_name: "gone",
          state: "missing",
          depth: null,
          visible_depth: null,
          oldest_message_age_seconds: null,
          oldest_visible_age_seconds: null,
          depth_estimated: false,
        },
        { state: "readable", depth: 0 },
        { queue_name: "orphan", state: "missing" },
      ]);
    });

    it("cost a queue that is dropped while we read that queue only", async () => {
      await create("one", "two", "three");
      const drop = vi.fn(() => query("select pgmq.drop_queue('two')"));
      const client = hooked(openClient(), ({ text }) =>
        text.includes("vt <= now") && drop.mock.calls.length === 0 ? drop() : undefined,
      );
      expect(states(await read(named("one", "two", "three"), { client }))).toEqual({
        one: "readable",
        two: "missing",
        three: "readable",
      });
      expect(drop).toHaveBeenCalledTimes(1);
    });

    it("cost a queue that somebody is dropping that queue only, and one waiting for its lock", async () => {
      const names = Array.from({ length: 40 }, (_, index) => `queue_${index}`);
      await create(...names);
      const dropped = names.filter((_, index) => index % 4 === 1);
      const other = new pg.Client({ connectionString: harness.url() });
      await other.connect();
      await other.query("begin");
      for (const name of dropped) await other.query("select pgmq.drop_queue($1)", [name]);
      const refusals: unknown[] = [];
      const client = failing(openClient(), (error) =>
        refusals.push((error as { code: unknown }).code),
      );
      const statistics = await read(named(...names), { client });
      expect(refusals).toEqual(["55P03"]);
      await other.query("rollback");
      await other.end();
      for (const { queue_name, state } of statistics)
        expect({ queue_name, state }).toEqual({
          queue_name,
          state: dropped.includes(queue_name) ? "failed" : "readable",
        });
      expect(statistics).toHaveLength(40);
    });

    it("are read in few round trips", async () => {
      const names = Array.from({ length: 60 }, (_, index) => `queue_${index}`);
      await create(...names);
      const statements: SqlStatement[] = [];
      const client = hooked(openClient(), (statement) => statements.push(statement));
      for (let round = 0; round < 2; round += 1) {
        statements.length = 0;
        expect(new Set(Object.values(states(await read(named(...names), { client }))))).toEqual(
          new Set(["readable"]),
        );
        expect(statements.length).toBeLessThanOrEqual(3 * Math.ceil(60 / 25) + 5);
      }
    });

    it("leave the connection as it was: no transaction, no time-out, nothing written", async () => {
      await create("here");
      const client = openClient();
      await read(named("here", "gone"), { client });
      const rows = await client.withConnection(
        (connection) =>
          connection.query({
            text: "select current_setting('lock_timeout') as locks, current_setting('statement_timeout') as statements, current_setting('enable_sort') as sort, now() = statement_timestamp() as alone",
          }),
        { signal: forEver },
      );
      expect(rows).toMatchObject([{ locks: "0", statements: "0", sort: "on", alone: true }]);
    });
  },
);

describe("createPgmqQueues", () => {
  it("refuses limits that are no whole numbers from 1 up: they end up in statements", () => {
    const client: SqlClient = { withConnection: () => expect.unreachable() };
    for (const limit of ["exactUpTo", "statementTimeoutMs", "lockTimeoutMs", "budgetMs"] as const) {
      for (const value of [
        0,
        -1,
        1.5,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        "1; drop table x" as unknown as number,
      ]) {
        expect(() => createPgmqQueues({ client, queues: () => [], [limit]: value })).toThrow(
          `${limit} must be a whole number from 1 to `,
        );
      }
    }
  });

  it("names everything wrong with its options at once", () => {
    const options = { client: {}, queues: [], cacheTtlMs: -1, timeoutMz: 5 };
    expect(() => createPgmqQueues(options as never)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: [
          'Unknown option "timeoutMz" of createPgmqQueues. Did you mean "timeoutMs"?',
          "client must be a SqlClient, but lacks withConnection. fromPgPool(pool) or fromPostgres(sql) makes one.",
          "queues must be a function: () => { namespace, queue_name }[], not an array.",
          "cacheTtlMs must be a whole number from 0 to 9007199254740991, not -1.",
        ].join(" "),
      }),
    );
  });

  it("tells a role that may not read a queue, or use the schema, which it may not", async () => {
    await create("open", "closed");
    const role = await loginRole();
    await query(
      `grant usage on schema pgmq to ${role.name}; grant select on pgmq.q_open to ${role.name}`,
    );
    expect(states(await read(named("open", "closed", "gone"), { client: role.client }))).toEqual({
      open: "readable",
      closed: "forbidden",
      gone: "missing",
    });
    await query(`revoke usage on schema pgmq from ${role.name}`);
    expect(states(await read(named("open", "closed", "gone"), { client: role.client }))).toEqual({
      open: "forbidden",
      closed: "forbidden",
      gone: "missing",
    });
  });

  it("reads as a role that has pg_monitor and nothing else", async () => {
    await create("orders");
    await send("orders", {});
    const role = await loginRole();
    await query(`grant pg_monitor to ${role.name}`);
    expect(await read(named("orders"), { client: role.client })).toMatchObject([
      { state: "readable", depth: 1 },
    ]);
  });

  it("charges a right that is taken away while we read to that queue only", async () => {
    await create("one", "two");
    const role = await loginRole();
    await query(
      `grant usage on schema pgmq to ${role.name}; grant select on pgmq.q_one, pgmq.q_two to ${role.name}`,
    );
    const client = hooked(role.client, ({ text }) =>
      text.includes("vt <= now")
        ? query(`revoke select on pgmq.q_two from ${role.name}`)
        : undefined,
    );
    expect(states(await read(named("one", "two"), { client }))).toEqual({
      one: "readable",
      two: "forbidden",
    });
  });

  it("charges a statement that takes too long to its queue only", async () => {
    await create("quick", "slow");
    await send("slow", {});
    const role = await loginRole();
    await query(`grant usage on schema pgmq to ${role.name}; grant select on pgmq.q_quick, pgmq.q_slow to ${role.name};
      alter table pgmq.q_slow enable row level security; create policy slow on pgmq.q_slow using (pg_sleep(60) is null)`);
    expect(
      states(await read(named("quick", "slow"), { client: role.client, statementTimeoutMs: 200 })),
    ).toEqual({ quick: "readable", slow: "timed_out" });
  });

  it("gives what it has when its time is up, and says of the rest that there was no time", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `queue_${index}`);
    await create(...names);
    const clock = createFakeClock();
    let chunks = 0;
    const client = hooked(fromPgPool(openPool()), async ({ text }) => {
      if (text.includes("vt <= now") && (chunks += 1) === 2) await clock.advance(750);
    });
    const statistics = await read(named(...names), { client, clock, budgetMs: 750 });
    expect(statistics.map(({ state }) => state)).toEqual(
      names.map((_, index) => (index < 50 ? "readable" : "timed_out")),
    );
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

  it("keeps no transaction open for long where it is cut off from the database in the middle", async () => {
    await create("orders");
    const limits: unknown[] = [];
    const client = hooked(harness.clients.pg(), async ({ text }, connection) => {
      if (text.includes("vt <= now"))
        limits.push(
          ...(await connection.query({
            text: "select current_setting('idle_in_transaction_session_timeout') as idle",
          })),
        );
    });
    await read(named("orders"), { client });
    expect(limits).toEqual([{ idle: "10s" }]);
  });
});
