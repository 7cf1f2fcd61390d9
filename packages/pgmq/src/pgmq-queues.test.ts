import { describe, expect, it } from "vitest";
import { aboutSeconds, named, useQueueHarness } from "./testing/queue-harness.js";

const harness = useQueueHarness();
const { query, create, send, sendMany, read, openReader } = harness;
const forEver = new AbortController().signal;

describe("createPgmqQueues", () => {
  it("counts 10 000 messages and estimates 10 001 by default, the estimate within a fifth after an analyze", async () => {
    await create("full", "over", "deep");
    for (const [name, count] of [
      ["full", 10_000],
      ["over", 10_001],
      ["deep", 60_000],
    ] as const)
      await sendMany(name, count);
    await query("analyze");
    const [full, over, deep] = await read(named("full", "over", "deep"));
    expect(full).toMatchObject({ depth: 10_000, visible_depth: 10_000, depth_estimated: false });
    expect(over).toMatchObject({ depth: 10_001, depth_estimated: true });
    expect(deep!.depth_estimated).toBe(true);
    for (const depth of [deep!.depth!, deep!.visible_depth!])
      expect(Math.abs(depth - 60_000)).toBeLessThan(12_000);
  });

  it("reads no more rows of a deep queue than it counts, also by a statement that was prepared while it was empty", async () => {
    await create("grown");
    await query("alter table pgmq.q_grown set (autovacuum_enabled = off)");
    const client = harness.clients.pg();
    const reader = openReader(named("grown"), { client, exactUpTo: 100 });
    await reader.statistics(forEver);
    await query(
      "insert into pgmq.q_grown (vt) select now() + interval '1 hour' from generate_series(1, 20000)",
    );
    const touched = async (): Promise<number> => {
      await client.withConnection(
        (connection) => connection.query({ text: "select pg_stat_force_next_flush()" }),
        { signal: forEver },
      );
      const { rows } = await query<{ rows: number }>(
        "select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows from pg_stat_user_tables where relname = 'q_grown'",
      );
      return rows[0]!.rows;
    };
    const before = await touched();
    await expect(reader.statistics(forEver)).resolves.toMatchObject([
      { depth: 100, visible_depth: 0, depth_estimated: true },
    ]);
    expect((await touched()) - before).toBeLessThanOrEqual(202);
  });

  it("reads unlogged queues", async () => {
    await query("select pgmq.create_unlogged('fast')");
    await send("fast", { enqueued: 4, visible: 2 });
    expect(await read(named("fast"))).toMatchObject([
      {
        state: "readable",
        depth: 1,
        visible_depth: 1,
        oldest_message_age_seconds: aboutSeconds(4),
        oldest_visible_age_seconds: aboutSeconds(2),
      },
    ]);
  });

  it.each(["msg_id", "enqueued_at"])(
    "reads queues that are partitioned by %s, and estimates them by their partitions",
    async (column) => {
      await createPartitioned("parted", column);
      await send(
        "parted",
        { enqueued: 200, visible: -60 },
        { enqueued: 100, visible: 50 },
        { enqueued: 10, visible: 10 },
      );
      expect(await read(named("parted"))).toMatchObject([
        {
          depth: 3,
          visible_depth: 2,
          oldest_message_age_seconds: aboutSeconds(200),
          oldest_visible_age_seconds: aboutSeconds(50),
          depth_estimated: false,
        },
      ]);
      await query(
        "insert into pgmq.q_parted (enqueued_at, vt) select now() - interval '5 s', now() + (n % 2 * 2 - 1) * interval '1 minute' from generate_series(1, 997) n",
      );
      await query("analyze pgmq.q_parted_1; analyze pgmq.q_parted_2");
      const [deep] = await read(named("parted"), { exactUpTo: 100 });
      expect(deep).toMatchObject({
        depth: 1_000,
        depth_estimated: true,
        oldest_message_age_seconds: aboutSeconds(200),
      });
      expect(Math.abs(deep!.visible_depth! - 500)).toBeLessThan(50);
    },
  );

  it("gives two namespaces on one queue, and two spellings of one name, an answer each", async () => {
    await create("shared");
    await send("shared", {});
    const statistics = await read([
      { namespace: "a", queue_name: "shared" },
      { namespace: "b", queue_name: "shared" },
      { namespace: "c", queue_name: "SHARED" },
    ]);
    expect(
      statistics.map(({ namespace, queue_name, depth }) => [namespace, queue_name, depth]),
    ).toEqual([
      ["a", "shared", 1],
      ["b", "shared", 1],
      ["c", "SHARED", 1],
    ]);
  });
});

/** As PGMQ makes them with pg_partman: no primary key, no index on `vt`, one on the column that it is partitioned by. */
async function createPartitioned(name: string, column: string): Promise<void> {
  const bounds =
    column === "msg_id"
      ? ["minvalue", "500", "maxvalue"]
      : ["minvalue", "now() - interval '50 s'", "maxvalue"];
  await query(`create table pgmq.q_${name} (msg_id bigint generated always as identity, read_ct int default 0 not null,
    enqueued_at timestamptz default now() not null, vt timestamptz not null, message jsonb) partition by range (${column})`);
  for (const part of [1, 2])
    await query(
      `create table pgmq.q_${name}_${part} partition of pgmq.q_${name} for values from (${bounds[part - 1]}) to (${bounds[part]})`,
    );
  await query(`create index on pgmq.q_${name} (${column})`);
}
