import { createWorkerContext, type Logger } from "@tasker-observability/core";
import { fromPgPool } from "@tasker-observability/postgres";
import {
  createFakeClock,
  createTestDatabase,
  startPgBouncer,
  type TestDatabase,
  waitFor,
  withClient,
} from "@tasker-observability/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { createInstanceName } from "../database/instance-name.js";
import { createSharedIdWatchdog } from "./shared-id-watchdog.js";

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.drop());

const message = expect.stringMatching(/^another worker with the same id uses this database/);

/** A worker's pool, under the name that goes with its id. */
function connect(workerId: string, url = database.url) {
  const name = createInstanceName(workerId);
  const pool = new pg.Pool({ connectionString: url, application_name: name.applicationName });
  pool.on("error", () => undefined);
  let ended: Promise<void> | undefined;
  const isGone = (): Promise<boolean> =>
    withClient(database.url, async (client) => {
      const { rowCount } = await client.query(
        "select from pg_stat_activity where application_name = $1",
        [name.applicationName],
      );
      return rowCount === 0;
    });
  // The pool has ended before the server has noticed; a pooler keeps its own connections.
  const endOnce = async (): Promise<void> => {
    await pool.end();
    if (url === database.url) await waitFor(isGone, { what: "the end of the connections" });
  };
  const end = (): Promise<void> => (ended ??= endOnce());
  onTestFinished(end);
  return { pool, name, end, works: () => pool.query("select 1") };
}

function watch(workerId: string, url = database.url) {
  const own = connect(workerId, url);
  const clock = createFakeClock();
  const logger = vi.fn<Logger>();
  const client = fromPgPool(own.pool);
  let asked = 0;
  const watchdog = createSharedIdWatchdog({
    context: createWorkerContext({ workerId, clock, logger }),
    name: own.name,
    workerIdSetting: "worker.worker_id",
    database: {
      withConnection: (use, options) =>
        client.withConnection(use, options).finally(() => (asked += 1)),
    },
  });
  watchdog.start();
  onTestFinished(() => watchdog.stop());
  /** The next check, and its end. */
  const check = async (): Promise<void> => {
    const before = asked;
    await clock.advance(10_000);
    await waitFor(() => asked > before && clock.pendingTimers() === 1, { what: "the check" });
  };
  return { ...own, clock, logger, check, asked: () => asked };
}

describe("the watchdog for shared ids", () => {
  it("warns once of another worker with the id that stays, and again when it comes back", async () => {
    const { logger, check } = watch("orders-1");
    const other = connect("orders-1");
    await other.works();
    await check();
    expect(logger).not.toHaveBeenCalled();
    for (let round = 0; round < 3; round += 1) {
      await other.works();
      await check();
    }
    expect(logger.mock.calls).toEqual([["warn", message, { worker_id: "orders-1" }]]);
    await other.end();
    await check();
    const next = connect("orders-1");
    for (let round = 0; round < 2; round += 1) {
      await next.works();
      await check();
    }
    expect(logger).toHaveBeenCalledTimes(2);
  });

  it("is content with one that leaves while its successor starts", async () => {
    const { logger, check } = watch("orders-2");
    const former = connect("orders-2");
    await former.works();
    await check();
    await former.end();
    await check();
    await check();
    expect(logger).not.toHaveBeenCalled();
  });

  it("is content with other ids, also ones that begin alike and are cut off, and with its own connections", async () => {
    const id = "a-name-so-long-that-only-its-beginning-can-be-shown";
    const { logger, check, pool } = watch(id);
    const others = [connect(`${id}-2`), connect("other")];
    for (let round = 0; round < 3; round += 1) {
      await Promise.all([
        ...others.map(({ works }) => works()),
        pool.query("select 1"),
        pool.query("select 2"),
      ]);
      await check();
    }
    expect(logger).not.toHaveBeenCalled();
  });

  it("asks once a minute when the first minute is over", async () => {
    const { clock, check, asked } = watch("orders-3");
    for (let round = 0; round < 6; round += 1) await check();
    await clock.advance(50_000);
    expect(asked()).toBe(6);
    await check();
    expect(asked()).toBe(7);
  });

  it.each(["", "näme ☃", "a b'c\"%_", "x".repeat(500)])(
    "has a name that PostgreSQL keeps whole: %j",
    async (id) => {
      const { pool, name } = connect(id);
      const { rows } = await pool.query("show application_name");
      expect(rows).toEqual([{ application_name: name.applicationName }]);
    },
  );
});

const pgBouncer = process.env.PGBOUNCER;

describe.skipIf(pgBouncer === undefined)("behind a transaction pooler", () => {
  it("sees another worker with the id while it has an open transaction", async () => {
    const pooler = await startPgBouncer({ program: pgBouncer!, databaseUrl: database.url });
    onTestFinished(() => pooler.close());
    const { logger, check } = watch("orders-4", pooler.url);
    const other = await connect("orders-4", pooler.url).pool.connect();
    await other.query("begin");
    await check();
    await check();
    expect(logger.mock.calls).toEqual([["warn", message, { worker_id: "orders-4" }]]);
    other.release(true);
  });
});
