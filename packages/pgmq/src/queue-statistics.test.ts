import { describe, expect, it } from "vitest";
import { aboutSeconds, named, useQueueHarness } from "./testing/queue-harness.js";

const harness = useQueueHarness();
const { query, create, send, sendMany, read } = harness;

describe.each(Object.entries(harness.clients))(
  "the numbers of PGMQ queues, read through %s",
  (_name, openClient) => {
    it("are exact below the bound: depth, what is visible of it, and both ages", async () => {
      await create("orders", "billing");
      await send(
        "orders",
        { enqueued: 100, visible: -60 },
        { enqueued: 90, visible: 80 },
        { enqueued: 300, visible: 20 },
      );
      await send("billing", { enqueued: 7, visible: 7 });
      expect(await read(named("orders", "billing"), { client: openClient() })).toEqual([
        {
          namespace: "of orders",
          queue_name: "orders",
          state: "readable",
          depth: 3,
          visible_depth: 2,
          oldest_message_age_seconds: aboutSeconds(100),
          oldest_visible_age_seconds: aboutSeconds(80),
          depth_estimated: false,
        },
        {
          namespace: "of billing",
          queue_name: "billing",
          state: "readable",
          depth: 1,
          visible_depth: 1,
          oldest_message_age_seconds: aboutSeconds(7),
          oldest_visible_age_seconds: aboutSeconds(7),
          depth_estimated: false,
        },
      ]);
    });

    it("have null ages where there is nothing, and nothing visible", async () => {
      await create("empty", "delayed");
      await send("delayed", { enqueued: 5, visible: -60 });
      expect(await read(named("empty", "delayed"), { client: openClient() })).toMatchObject([
        {
          state: "readable",
          depth: 0,
          visible_depth: 0,
          oldest_message_age_seconds: null,
          oldest_visible_age_seconds: null,
        },
        {
          state: "readable",
          depth: 1,
          visible_depth: 0,
          oldest_message_age_seconds: aboutSeconds(5),
          oldest_visible_age_seconds: null,
        },
      ]);
    });

    it("are never negative, whatever the clock of the sender was", async () => {
      await create("early");
      await send("early", { enqueued: -50, visible: 0 });
      expect(await read(named("early"), { client: openClient() })).toMatchObject([
        {
          oldest_message_age_seconds: aboutSeconds(0),
          oldest_visible_age_seconds: aboutSeconds(0),
        },
      ]);
    });

    it("are the planner's estimate from the bound on", async () => {
      await create("below", "at", "above", "not_analyzed");
      for (const [name, count] of [
        ["below", 99],
        ["at", 100],
        ["above", 1_000],
      ] as const)
        await sendMany(name, count);
      await query("analyze pgmq.q_at, pgmq.q_above");
      await sendMany("not_analyzed", 1_000);
      const statistics = await read(named("below", "at", "above", "not_analyzed"), {
        client: openClient(),
        exactUpTo: 100,
      });
      expect(
        statistics.map(({ depth, visible_depth, depth_estimated }) => ({
          depth,
          visible_depth,
          depth_estimated,
        })),
      ).toEqual([
        { depth: 99, visible_depth: 99, depth_estimated: false },
        { depth: 100, visible_depth: 100, depth_estimated: true },
        { depth: 1_000, visible_depth: 1_000, depth_estimated: true },
        { depth: 100, visible_depth: 100, depth_estimated: true },
      ]);
    });

    it("are exact for what is visible of a deep queue, where that is little", async () => {
      await create("delayed");
      await query(
        "insert into pgmq.q_delayed (vt) select now() + interval '1 hour' from generate_series(1, 500)",
      );
      await send("delayed", { enqueued: 3, visible: 9 }, { enqueued: 3, visible: 4 });
      await query("analyze pgmq.q_delayed");
      expect(await read(named("delayed"), { client: openClient(), exactUpTo: 100 })).toMatchObject([
        {
          depth: 502,
          visible_depth: 2,
          depth_estimated: true,
          oldest_message_age_seconds: aboutSeconds(0),
          oldest_visible_age_seconds: aboutSeconds(9),
        },
      ]);
    });

    it("are found by any name that PGMQ takes", async () => {
      const names = [
        "Orders",
        "dash-ed",
        "ünï_çødé",
        'quo"ted',
        "two words",
        "1st",
        "emoji🙂",
        "ж".repeat(47),
      ];
      await create(...names);
      // PGMQ itself refuses this one; a table of that name can be there nevertheless.
      await query(`create table pgmq."q_it's" (like pgmq.q_orders including all)`);
      names.push("it's");
      for (const name of names) await send(name, {}, {});
      const statistics = await read(named(...names), { client: openClient() });
      expect(statistics.map(({ queue_name, state, depth }) => [queue_name, state, depth])).toEqual(
        names.map((name) => [name, "readable", 2]),
      );
    });

    it("take names that PostgreSQL cannot even store for missing", async () => {
      await create("here");
      const impossible = ["nul\0", "half \ud83d", "quote'", "semi;colon", "", "x".repeat(5_000)];
      const statistics = await read(named("here", ...impossible), { client: openClient() });
      expect(statistics.map(({ state }) => state)).toEqual([
        "readable",
        ...impossible.map(() => "missing"),
      ]);
    });
  },
);
