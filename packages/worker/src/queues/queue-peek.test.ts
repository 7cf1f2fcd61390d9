import { systemClock } from "@tasker-observability/core";
import { fromPgPool } from "@tasker-observability/postgres";
import { withClient } from "@tasker-observability/testkit";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { useWorkerHarness } from "../testing/use-worker-harness.js";
import { createQueuePeek, type QueuePeek } from "./queue-peek.js";
import { createStepTransactions } from "./step-transactions.js";

const harness = useWorkerHarness();

function openPool(url = harness.database.url): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  onTestFinished(() => pool.end());
  return pool;
}

function openPoll(pool = openPool()): QueuePeek {
  const transactions = createStepTransactions({
    client: fromPgPool(pool),
    clock: systemClock,
    statementTimeoutMs: 10_000,
    closing: new AbortController().signal,
  });
  return createQueuePeek({ transactions });
}

async function createQueues(...names: string[]): Promise<void> {
  for (const name of names) await harness.query("select pgmq.create($1)", [name]);
  onTestFinished(async () => {
    for (const name of names) await harness.query("select pgmq.drop_queue($1)", [name]);
  });
}

const send = (queue: string, delaySeconds = 0): Promise<unknown> =>
  harness.query("select pgmq.send($1, '{}'::jsonb, $2::int)", [queue, delaySeconds]);

describe("one statement for many queues", () => {
  it("tells when the earliest message of each is visible, and omits queues without one in time", async () => {
    await createQueues("now_queue", "soon_queue", "late_queue", "empty_queue", "never_queue");
    await send("soon_queue", 60);
    await send("soon_queue", 5);
    await send("now_queue");
    await send("late_queue", 60);
    await send("never_queue");
    await harness.query("update pgmq.q_never_queue set vt = 'infinity'");
    const { visibleInMs, unreadableQueues, maxQueues } = await openPoll().read(
      ["now_queue", "soon_queue", "late_queue", "empty_queue", "never_queue"],
      10_000,
    );
    expect([...visibleInMs.keys()].sort()).toEqual(["now_queue", "soon_queue"]);
    expect(visibleInMs.get("now_queue")).toBeLessThanOrEqual(0);
    expect(visibleInMs.get("soon_queue")).toBeGreaterThan(0);
    expect(visibleInMs.get("soon_queue")).toBeLessThanOrEqual(5_000);
    expect(unreadableQueues).toEqual(new Set());
    expect(maxQueues).toBeGreaterThanOrEqual(100);
  });

  it("claims nothing, and leaves no setting behind", async () => {
    await createQueues("kept_queue");
    await send("kept_queue");
    const pool = openPool();
    const settings = async (): Promise<unknown> =>
      (
        await pool.query(
          "select current_setting('lock_timeout') as lock, current_setting('enable_sort') as sort",
        )
      ).rows;
    const before = await settings();
    await openPoll(pool).read(["kept_queue"], 1_000);
    expect(await settings()).toEqual(before);
    expect(await harness.query("select read_ct from pgmq.q_kept_queue")).toEqual([{ read_ct: 0 }]);
  });

  it("leaves out a queue that is missing, or that the role cannot claim from, and reads the others", async () => {
    await createQueues("open_queue", "readable_queue", "closed_queue");
    for (const queue of ["open_queue", "readable_queue", "closed_queue"]) await send(queue);
    const role = `poller_${crypto.randomUUID().slice(0, 8)}`;
    await harness.query(
      `create role ${role} login password 'x'; grant usage on schema pgmq to ${role}; grant select on pgmq.q_readable_queue to ${role}; grant all on pgmq.q_open_queue to ${role}`,
    );
    onTestFinished(() =>
      withClient(harness.database.url, (client) =>
        client.query(`drop owned by ${role}; drop role ${role}`),
      ).then(() => undefined),
    );
    const url = Object.assign(new URL(harness.database.url), { username: role, password: "x" });
    const { visibleInMs, unreadableQueues } = await openPoll(openPool(url.href)).read(
      ["open_queue", "readable_queue", "closed_queue", "missing_queue"],
      1_000,
    );
    expect([...visibleInMs.keys()]).toEqual(["open_queue"]);
    expect(unreadableQueues).toEqual(new Set(["readable_queue", "closed_queue", "missing_queue"]));
  });

  it("omits all queues of a read-only server", async () => {
    await createQueues("open_queue");
    const url = new URL(harness.database.url);
    url.searchParams.set("options", "-c default_transaction_read_only=on");
    const { unreadableQueues } = await openPoll(openPool(url.href)).read(["open_queue"], 1_000);
    expect(unreadableQueues).toEqual(new Set(["open_queue"]));
  });

  it("gives up a queue that stays locked", async () => {
    await createQueues("locked_queue", "open_queue");
    await withClient(harness.database.url, async (client) => {
      await client.query("begin; lock table pgmq.q_locked_queue");
      await expect(openPoll().read(["open_queue", "locked_queue"], 1_000)).rejects.toMatchObject({
        code: "55P03",
      });
      await client.query("rollback");
    });
  });
});
