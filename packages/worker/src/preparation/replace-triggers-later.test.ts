import { fromPgPool } from "@tasker-observability/postgres";
import { createFakeClock, withClient } from "@tasker-observability/testkit";
import pg from "pg";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../testing/worker-harness.js";
import { replaceTriggersLater } from "./replace-triggers-later.js";
import { useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness();
beforeEach(async () => {
  await harness.query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
  await harness.query(
    "select pgmq.create('payments_queue'), pgmq.enable_notify_insert('payments_queue', 250)",
  );
});

const minutes = 60_000;
const triggers = async (): Promise<unknown[]> =>
  (
    await harness.query<{ tgname: string }>(
      "select tgname from pg_trigger where not tgisinternal order by 1",
    )
  ).map(({ tgname }) => tgname);

function startTrying(code = "55P03") {
  const pool = new pg.Pool({ connectionString: harness.database.url, max: 1 });
  onTestFinished(() => pool.end());
  const clock = createFakeClock();
  const stopping = new AbortController();
  const lines: unknown[] = [];
  replaceTriggersLater({
    database: fromPgPool(pool),
    clock,
    signal: stopping.signal,
    logger: (level, message, fields) => lines.push({ level, message, ...fields }),
    notifications: [
      {
        queueName: "payments_queue",
        exists: true,
        taskerTrigger: "none",
        pgmqTrigger: "enabled",
        throttleMs: 250,
        isThrottleKnown: true,
        mayInsert: true,
        isReplaced: false,
        failure: { error: Object.assign(new Error("lock timeout"), { code }) },
      },
    ],
  });
  return { clock, stopping, lines };
}

describe("PGMQ's trigger on a table that was in use at the start", () => {
  it("is replaced once the table is free, which is logged once", async () => {
    const { clock, lines } = startTrying();
    await withClient(harness.database.url, async (client) => {
      await client.query(
        "begin; insert into pgmq.q_payments_queue (vt, message) select now(), 'null' where false",
      );
      await clock.advance(minutes);
      await eventually("the end of the first try", () => clock.pendingTimers() === 1);
      expect([lines, await triggers()]).toEqual([[], ["trigger_notify_queue_insert_listeners"]]);
    });
    await clock.advance(2 * minutes);
    await eventually("the log line", () => lines.length === 1);
    expect(await triggers()).toEqual(["tasker_notify_insert"]);
    expect(lines).toMatchObject([{ level: "info", queues: ["payments_queue"] }]);
    expect(clock.pendingTimers()).toBe(0);
  });

  it("stays after six attempts", async () => {
    const { clock, lines } = startTrying();
    await withClient(harness.database.url, async (client) => {
      await client.query(
        "begin; insert into pgmq.q_payments_queue (vt, message) select now(), 'null' where false",
      );
      for (const [index, delay] of [1, 2, 5, 10, 30, 60].entries()) {
        await clock.advance(delay * minutes);
        if (index < 5) await eventually("the end of a try", () => clock.pendingTimers() === 1);
      }
      expect([clock.pendingTimers(), lines]).toEqual([0, []]);
    });
  });

  it("is not tried again after the worker stops, or if a right is missing", () => {
    const { clock, stopping } = startTrying();
    stopping.abort();
    expect([clock.pendingTimers(), startTrying("42501").clock.pendingTimers()]).toEqual([0, 0]);
  });
});
