import { systemClock } from "@tasker-observability/core";
import { fromPgPool } from "@tasker-observability/postgres";
import { createTestDatabase, type TestDatabase } from "@tasker-observability/testkit";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFleetStore, type FleetStore } from "./index.js";
import { reportOf } from "./testing/report-of.js";

let database: TestDatabase;
let pool: pg.Pool;
let store: FleetStore;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  await pool.query("drop schema if exists tasker_observability cascade");
  store = createFleetStore({ client: fromPgPool(pool), clock: systemClock });
  await store.prepare();
});

const all = { limit: 100, offset: 0 };
const forEver = new AbortController().signal;

/** Moves a worker's last report into the past. */
const age = (name: string, interval: string): Promise<unknown> =>
  pool.query(
    `update tasker_observability.fleet set reported_at = reported_at - $1::interval where worker_id = $2`,
    [interval, name],
  );

describe("the store of the fleet", () => {
  it("lists what a worker reported, with times of the database", async () => {
    const { uptime_ms, ...reported } = reportOf("a");
    await store.report({ ...reported, uptime_ms });
    const { workers, total, counts } = await store.list(all, forEver);
    expect(workers).toEqual([
      {
        ...reported,
        started_at: expect.any(String) as string,
        reported_at: expect.any(String) as string,
        report_age_seconds: expect.any(Number) as number,
      },
    ]);
    const [worker] = workers;
    expect(Date.parse(worker!.reported_at) - Date.parse(worker!.started_at)).toBeCloseTo(5_000, -2);
    expect([total, counts]).toEqual([
      1,
      { starting: 0, running: 1, paused: 0, draining: 0, lost: 0 },
    ]);
  });

  it("keeps one row for one run of a process, whatever it reports", async () => {
    await store.report(reportOf("a", { state: "starting", uptime_ms: 0 }));
    const [first] = (await store.list(all, forEver)).workers;
    await store.report(reportOf("a", { state: "draining", uptime_ms: 60_000 }));
    const { workers } = await store.list(all, forEver);
    expect(workers).toMatchObject([{ state: "draining", started_at: first!.started_at }]);
  });

  it("calls a worker lost after half a minute, forgets it after a day, and removes its row then", async () => {
    for (const name of ["alive", "lost", "gone"]) await store.report(reportOf(name));
    await age("alive", "29 s");
    await age("lost", "31 s");
    await age("gone", "25 h");
    const page = await store.list(all, forEver);
    expect(page.workers.map(({ worker_id, state }) => [worker_id, state])).toEqual([
      ["alive", "running"],
      ["lost", "lost"],
    ]);
    expect(page.counts).toMatchObject({ running: 1, lost: 1 });
    await store.prepare();
    const { rows } = await pool.query(
      "select worker_id from tasker_observability.fleet order by 1",
    );
    expect(rows).toEqual([{ worker_id: "alive" }, { worker_id: "lost" }]);
  });

  it("filters by state and namespace, and pages, while counting all", async () => {
    await store.report(reportOf("a", { namespaces: ["orders", "mail"] }));
    await store.report(reportOf("b", { state: "paused" }));
    await store.report(reportOf("c", { namespaces: [] }));
    const list = async (query: object) => {
      const { workers, total, counts } = await store.list({ ...all, ...query }, forEver);
      expect(counts).toMatchObject({ running: 2, paused: 1 });
      return [total, ...workers.map(({ worker_id }) => worker_id)];
    };
    expect(await list({ state: "paused" })).toEqual([1, "b"]);
    expect(await list({ namespace: "orders" })).toEqual([2, "a", "b"]);
    expect(await list({ namespace: "mail", state: "lost" })).toEqual([0]);
    expect(await list({ limit: 1, offset: 1 })).toEqual([3, "b"]);
    expect(await list({ offset: 7 })).toEqual([3]);
  });

  it("names worker ids that several living processes have", async () => {
    await store.report(reportOf("twin"));
    await store.report(reportOf("twin", { instance_id: "another" }));
    await store.report(reportOf("once"));
    await store.report(reportOf("restarted", { instance_id: "killed" }));
    await age("restarted", "1 min");
    await store.report(reportOf("restarted"));
    expect((await store.list(all, forEver)).duplicate_worker_ids).toEqual(["twin"]);
  });

  it("removes a worker that stops", async () => {
    await store.report(reportOf("a"));
    await store.remove("instance of a");
    expect(await store.list(all, forEver)).toMatchObject({ workers: [], total: 0 });
  });
});
