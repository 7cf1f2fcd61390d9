import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import type { SqlStatement } from "@tasker-observability/postgres";
import { failing, hooked, replacing } from "./testing/hooked-client.js";
import { aboutSeconds, named, states, useQueueHarness } from "./testing/queue-harness.js";
import { endless, limits, namesOf, readsQueues, unread } from "./testing/slow-reading.js";

const harness = useQueueHarness();
const { query, create, send, sendMany, openReader, loginRole } = harness;
const forEver = new AbortController().signal;

describe("a queue whose reading runs out of time", () => {
  it("costs that queue alone, however many share its statement and the budget, for as long as it is slow", async () => {
    const names = namesOf(60);
    await create(...names);
    await send("queue_5", {});
    const role = await loginRole();
    await query(`grant usage on schema pgmq to ${role.name}; grant select on all tables in schema pgmq to ${role.name};
      alter table pgmq.q_queue_5 enable row level security; create policy slow on pgmq.q_queue_5 using (pg_sleep(60) is null)`);
    const clock = createFakeClock();
    const client = hooked(
      failing(role.client, () => clock.advance(380)),
      (statement) => (readsQueues(statement) ? clock.advance(20) : undefined),
    );
    const reader = openReader(named(...names), { client, clock, ...limits });
    const first = await reader.statistics(forEver);
    expect(first.slice(25).map(({ state }) => state)).toEqual(
      names.slice(25).map(() => "readable"),
    );
    for (let round = 0; round < 3; round += 1)
      expect(unread(await reader.statistics(forEver))).toEqual(["queue_5"]);
    await query(
      "drop policy slow on pgmq.q_queue_5; alter table pgmq.q_queue_5 disable row level security",
    );
    expect(unread(await reader.statistics(forEver))).toEqual([]);
  });

  it.each([1, 2])(
    "is read by a scan of its table in the same reading, to the same numbers, where the statement was for %d",
    async (count) => {
      const names = namesOf(count);
      await create(...names);
      for (const name of names)
        await send(
          name,
          { enqueued: 10_000, visible: -600 },
          { enqueued: 9_000, visible: 8_000 },
          { enqueued: 3_000, visible: 2_000 },
        );
      const client = replacing(harness.clients.pg(), ({ text }) =>
        text.includes("order by") ? endless : null,
      );
      const reader = openReader(named(...names), { client, ...limits, budgetMs: 4_000 });
      for (let round = 0; round < 2; round += 1) {
        const numbers = {
          state: "readable",
          depth: 3,
          visible_depth: 2,
          oldest_message_age_seconds: aboutSeconds(10_000),
          oldest_visible_age_seconds: aboutSeconds(8_000),
          depth_estimated: false,
        };
        expect(await reader.statistics(forEver)).toMatchObject(names.map(() => numbers));
      }
    },
  );

  it("is estimated by the planner and by its first rows where a scan of a deep one has to do", async () => {
    await create("orders");
    await sendMany("orders", 200);
    await query(
      "insert into pgmq.q_orders (vt) select now() + interval '1 hour' from generate_series(1, 200)",
    );
    await query("analyze pgmq.q_orders");
    const client = replacing(harness.clients.pg(), ({ text }) =>
      text.includes("order by") ? endless : null,
    );
    const reader = openReader(named("orders"), { client, statementTimeoutMs: 400, exactUpTo: 300 });
    expect(await reader.statistics(forEver)).toMatchObject([
      { state: "readable", depth: 400, visible_depth: 267, depth_estimated: true },
    ]);
  });

  it("is tried by its indexes again after ten scans, and shares a statement again once that is quick", async () => {
    await create("orders");
    let isSlow = true;
    const asked: SqlStatement[] = [];
    const client = hooked(
      replacing(harness.clients.pg(), ({ text }) =>
        isSlow && text.includes("order by") ? endless : null,
      ),
      (statement) => (readsQueues(statement) ? asked.push(statement) : undefined),
    );
    const reader = openReader(named("orders"), {
      client,
      clock: createFakeClock(),
      statementTimeoutMs: 400,
    });
    for (let round = 0; round < 10; round += 1) await reader.statistics(forEver);
    isSlow = false;
    asked.length = 0;
    for (let round = 0; round < 2; round += 1) await reader.statistics(forEver);
    expect(asked.map(({ text, name }) => [text.includes("order by"), name !== undefined])).toEqual([
      [true, false],
      [true, true],
    ]);
  });

  it("is read before the others when they have left it no time for three readings", async () => {
    const names = namesOf(26);
    await create(...names);
    const clock = createFakeClock();
    let rounds = 0;
    const client = hooked(
      replacing(harness.clients.pg(), (statement) =>
        rounds === 0 && readsQueues(statement) && statement.text.includes("pgmq.q_queue_0 ")
          ? endless
          : null,
      ),
      (statement) =>
        readsQueues(statement) && (rounds > 0 || statement.text.includes("q_queue_25 "))
          ? clock.advance(limits.budgetMs)
          : undefined,
    );
    const reader = openReader(named(...names), { client, clock, ...limits });
    const read: (string | undefined)[] = [];
    for (; rounds < 4; rounds += 1) read.push(states(await reader.statistics(forEver)).queue_0);
    expect(read).toEqual(["timed_out", "timed_out", "timed_out", "readable"]);
  });

  it("is not called slow where little time was left for it: the next reading begins with it", async () => {
    const names = namesOf(26);
    await create(...names);
    const clock = createFakeClock();
    const asked: SqlStatement[] = [];
    const client = hooked(
      replacing(harness.clients.pg(), (statement) =>
        asked.length === 2 && readsQueues(statement) ? endless : null,
      ),
      (statement) =>
        readsQueues(statement) && asked.push(statement) === 1 ? clock.advance(880) : undefined,
    );
    const reader = openReader(named(...names), { client, clock, ...limits });
    expect(unread(await reader.statistics(forEver))).toEqual(["queue_25"]);
    expect(unread(await reader.statistics(forEver))).toEqual([]);
    expect(asked[2]).toEqual(asked[1]);
  });
});
