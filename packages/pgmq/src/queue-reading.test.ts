import { createFakeClock } from "@tasker-observability/testkit";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { hooked, replacing } from "./testing/hooked-client.js";
import { named, states, useQueueHarness } from "./testing/queue-harness.js";
import { endless, limits, namesOf, readsQueues, unread } from "./testing/slow-reading.js";

const harness = useQueueHarness();
const { create, send, openReader } = harness;
const forEver = new AbortController().signal;

describe("a reading whose budget ends", () => {
  it("is gone on with by the next one where it stopped, so that no queue is left out for ever", async () => {
    const names = namesOf(100);
    await create(...names);
    const clock = createFakeClock();
    const client = hooked(harness.clients.pg(), (statement) =>
      readsQueues(statement) ? clock.advance(520) : undefined,
    );
    const reader = openReader(named(...names), { client, clock, ...limits });
    for (const expected of [names.slice(50), names.slice(0, 50), names.slice(50)])
      expect(unread(await reader.statistics(forEver))).toEqual(expected);
  });
});

describe("a catalog that does not answer in time", () => {
  it("costs those queues only that no reading has found before", async () => {
    await create("orders", "billing");
    await send("orders", {});
    let names = ["orders", "gone"];
    let isSlow = false;
    const client = replacing(harness.clients.pg(), ({ text }) =>
      isSlow && text.includes("as wanted(queue)") ? endless : null,
    );
    const reader = openReader([], {
      client,
      queues: () => named(...names),
      statementTimeoutMs: 400,
    });
    expect(states(await reader.statistics(forEver))).toEqual({
      orders: "readable",
      gone: "missing",
    });
    [isSlow, names] = [true, ["billing", "orders", "gone"]];
    expect(states(await reader.statistics(forEver))).toEqual({
      billing: "timed_out",
      orders: "readable",
      gone: "timed_out",
    });
    expect((await reader.statistics(forEver))[1]).toMatchObject({
      namespace: "of orders",
      depth: 1,
    });
    isSlow = false;
    expect(states(await reader.statistics(forEver))).toEqual({
      billing: "readable",
      orders: "readable",
      gone: "missing",
    });
  });

  it("rejects with the database's own error where nothing was ever found", async () => {
    await create("orders");
    const client = replacing(harness.clients.pg(), ({ text }) =>
      text.includes("as wanted(queue)") ? endless : null,
    );
    await expect(
      openReader(named("orders"), { client, statementTimeoutMs: 400 }).statistics(forEver),
    ).rejects.toMatchObject({ code: "57014" });
  });
});

describe("a transaction that has no time left to end in", () => {
  // Little beside what its end is made to take, and much for a read on a busy machine.
  const generous = { statementTimeoutMs: 2_000, budgetMs: 5_000 };
  it.each([/^commit$/, /^commit; begin/])(
    "loses nothing that was read in it, and leaves the connection as it was, where that is by %s",
    async (end) => {
      const names = namesOf(26);
      await create(...names);
      const clock = createFakeClock();
      const inner = harness.clients.pg();
      let ends = 0;
      const client = hooked(
        replacing(inner, ({ text }) => (end.test(text) && (ends += 1) === 1 ? endless : null)),
        (statement) =>
          readsQueues(statement) && statement.text.includes("pgmq.q_queue_0 ")
            ? clock.advance(4_000)
            : undefined,
      );
      expect(
        unread(
          await openReader(named(...names), { client, clock, ...generous }).statistics(forEver),
        ),
      ).toEqual([]);
      expect(ends).toBe(1);
      const rows = await inner.withConnection(
        (connection) => connection.query({ text: "select now() = statement_timestamp() as alone" }),
        { signal: forEver },
      );
      expect(rows).toEqual([{ alone: true }]);
    },
  );
});

describe("a look for the locked tables", () => {
  it("that takes too long costs the locked queue alone all the same", async () => {
    await create("orders", "billing");
    const other = new pg.Client({ connectionString: harness.url() });
    harness.cleanUp(() => other.end());
    await other.connect();
    await other.query("begin; lock table pgmq.q_orders in access exclusive mode");
    const client = replacing(harness.clients.pg(), ({ text }) =>
      text.includes("pg_locks") ? endless : null,
    );
    const statistics = await openReader(named("orders", "billing"), {
      client,
      statementTimeoutMs: 400,
      lockTimeoutMs: 50,
    }).statistics(forEver);
    expect(states(statistics)).toEqual({ orders: "failed", billing: "readable" });
  });
});
