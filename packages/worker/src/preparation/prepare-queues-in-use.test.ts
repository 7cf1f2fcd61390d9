import {
  createFakeClock,
  createTestDatabase,
  type TestDatabase,
  withClient,
} from "@tasker-observability/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { never, openTestPool, prepare, queues } from "../testing/prepared-queues.js";
import { eventually } from "../testing/worker-harness.js";
import type { OpenPool } from "../database/open-pool.js";
import { prepareQueues } from "./prepare-queues.js";

describe("preparing queues that others use", () => {
  let used: TestDatabase;
  let opened: OpenPool;
  beforeEach(async () => {
    used = await createTestDatabase({ pgmq: true });
    opened = openTestPool(used.url);
  });
  afterEach(async () => {
    await opened.close();
    await used.drop();
  });

  const waiting = async (): Promise<number> => {
    const { rows } = await opened.pool.query<{ n: number }>(
      "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    return rows[0]!.n;
  };

  it("blocks no sender while a long transaction delays a missing archive, and succeeds afterwards", async () => {
    await opened.pool.query(
      "select pgmq.create('payments_queue'); drop table pgmq.a_payments_queue",
    );
    await withClient(used.url, async (long) => {
      await long.query("begin; select pgmq.send('payments_queue', '{}')");
      const prepared = prepare(opened).catch((error: unknown) => error);
      await eventually("the wait for the table", async () => (await waiting()) > 0);
      await opened.pool.query("select pgmq.send('payments_queue', '{}')");
      expect(await prepared).toMatchObject({ code: "55P03" });
      await long.query("commit");
    });
    await expect(prepare(opened)).resolves.toBeDefined();
  });

  it("blocks no sender while a long transaction delays the replacement of an old trigger, and starts anyway", async () => {
    await opened.pool.query(
      "select pgmq.create('payments_queue'); select pgmq.enable_notify_insert('payments_queue', 250)",
    );
    await withClient(used.url, async (long) => {
      await long.query("begin; insert into pgmq.q_payments_queue (vt) select now() where false");
      const prepared = prepare(opened);
      await eventually("the wait for the table", async () => (await waiting()) > 0);
      await opened.pool.query("select pgmq.send('payments_queue', '{}')");
      expect(await prepared).toMatchObject({
        notifications: [{ pgmqTrigger: "enabled", failure: { error: { code: "55P03" } } }],
      });
      await long.query("commit");
    });
    await expect(prepare(opened)).resolves.toMatchObject({
      notifications: [
        { taskerTrigger: "enabled", pgmqTrigger: "none", isReplaced: true, failure: null },
      ],
    });
  });

  it("is cancelled when the worker stops, on the server too, and leaves no connection behind", async () => {
    const stopping = new AbortController();
    await withClient(used.url, async (other) => {
      await other.query("select pg_advisory_lock(7246313950142818)");
      const preparing = prepare(opened, queues, stopping.signal);
      preparing.catch(() => undefined);
      await eventually("the wait", async () => (await waiting()) === 1);
      stopping.abort();
      await expect(preparing).rejects.toBe(stopping.signal.reason);
      await eventually("the end of the wait", async () => (await waiting()) === 0);
    });
  });

  it("is cancelled after half a minute, on the server too", async () => {
    const clock = createFakeClock();
    await withClient(used.url, async (other) => {
      await other.query("select pg_advisory_lock(7246313950142818)");
      const preparing = prepareQueues({
        databaseHandle: opened,
        queues,
        databaseSetting: "database",
        clock,
        logger: () => undefined,
        signal: never,
      });
      preparing.catch(() => undefined);
      await eventually("the wait", async () => (await waiting()) === 1);
      await clock.advance(30_000);
      await expect(preparing).rejects.toMatchObject({ name: "TimeoutError" });
      await eventually("the end of the wait", async () => (await waiting()) === 0);
      expect(clock.pendingTimers()).toBe(0);
    });
  });

  it("takes no lock if nothing is missing", async () => {
    await prepare(opened);
    await withClient(used.url, async (other) => {
      await other.query("begin; lock table pgmq.q_payments_queue in share mode");
      await other.query("select pg_advisory_lock(7246313950142818)");
      await expect(prepare(opened)).resolves.toBeDefined();
    });
  });
});
