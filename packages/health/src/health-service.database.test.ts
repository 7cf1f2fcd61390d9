import { createWorkerContext } from "@tasker-observability/core";
import { fromPgPool } from "@tasker-observability/postgres";
import { createPgmqQueues } from "@tasker-observability/pgmq";
import { createTestDatabase, type TestDatabase } from "@tasker-observability/testkit";
import type pg from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createHealthService } from "./health-service.js";
import { generousTimeouts, createPool } from "./testing/real-database.js";

let database: TestDatabase;

beforeAll(async () => (database = await createTestDatabase({ pgmq: true })));

afterAll(() => database.drop());

describe("with the user's own client", () => {
  it("has the checks lifecycle and database for a pg pool", async () => {
    const health = createHealthService({
      database: createPool(database.url, { max: 3 }),
      ...generousTimeouts,
    });
    expect(await health.readiness()).toMatchObject({
      status: "healthy",
      checks: {
        lifecycle: { status: "healthy" },
        database: {
          status: "healthy",
          message: "answered within 10000 ms",
          criticality: "required",
          cached: false,
        },
      },
      system_info: {
        database_pool_size: 1,
        pool_utilization: {
          tasker_pool: {
            active_connections: 0,
            idle_connections: 1,
            max_connections: 3,
            utilization_percent: 0,
            total_acquires: expect.toSatisfy((acquires: number) => acquires > 0),
            acquire_errors: 0,
          },
        },
      },
    });
    expect(Object.keys((await health.detailed()).checks)).toEqual(["lifecycle", "database"]);
  });

  it("has them for postgres.js too, without numbers of its pool", async () => {
    const sql = postgres(database.url, { max: 2 });
    onTestFinished(() => sql.end());
    const health = createHealthService({ database: sql, ...generousTimeouts });
    expect(await health.readiness()).toMatchObject({
      status: "healthy",
      checks: { database: { status: "healthy" } },
      system_info: { database_pool_size: null, pool_utilization: null },
    });
  });

  it("leaves the pool to its owner when it closes", async () => {
    const pool = createPool(database.url);
    const health = createHealthService({ database: pool });
    await health.readiness();
    health.close();
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });
});

describe("the message", () => {
  it.each([
    [
      "authentication_failed",
      () =>
        createPool(database.url, {
          connectionString: undefined,
          ...addressOf(database.url),
          user: "nobody_here",
        }),
    ],
    [
      "database_not_found",
      () =>
        createPool(database.url, {
          connectionString: undefined,
          ...addressOf(database.url),
          database: "nothing_here",
        }),
    ],
    [
      "host_not_found",
      () =>
        createPool(database.url, {
          connectionString: undefined,
          host: "nowhere.invalid",
          user: "u",
          database: "d",
        }),
    ],
    [
      "connection_refused",
      () =>
        createPool(database.url, {
          connectionString: undefined,
          ...addressOf(database.url),
          port: 1,
        }),
    ],
  ] as const)("names %s, and neither host nor user", async (kind, pool) => {
    const health = await createHealthService({ database: pool(), ...generousTimeouts }).readiness();
    expect(health.checks.database).toMatchObject({ status: "unhealthy", message: kind });
    expect(JSON.stringify(health)).not.toMatch(
      /nobody_here|nothing_here|nowhere|127\.0\.0\.1|localhost/,
    );
  });

  it("names an exhausted pool, and one that has ended", async () => {
    const pool = createPool(database.url, { max: 1, connectionTimeoutMillis: 1_500 });
    const busy = await pool.connect();
    const health = createHealthService({ database: pool, cacheTtlMs: 0, ...generousTimeouts });
    expect((await health.readiness()).checks.database?.message).toBe("pool_exhausted");
    busy.release();
    await pool.end();
    expect((await health.readiness()).checks.database?.message).toBe("pool_closed");
  });
});

function addressOf(url: string): pg.PoolConfig {
  const { hostname, port, username, password } = new URL(url);
  return { host: hostname, port: Number(port), user: username, password };
}

describe("a backlog", () => {
  it("of 100 000 messages degrades and stays ready; a missing queue degrades, and no readable queue is not ready", async () => {
    const pool = createPool(database.url);
    await pool.query("select pgmq.create('orders_queue')");
    await pool.query(
      `insert into pgmq.q_orders_queue (vt, message) select now(), '{}' from generate_series(1, 100000)`,
    );
    let queues = [{ namespace: "orders", queue_name: "orders_queue" }];
    const client = fromPgPool(pool);
    const context = createWorkerContext({
      ports: {
        database: client,
        queues: createPgmqQueues({ client, queues: () => queues, cacheTtlMs: 0 }),
      },
    });
    const health = createHealthService({ context, cacheTtlMs: 0, ...generousTimeouts });
    expect(await health.readiness()).toMatchObject({
      status: "healthy",
      checks: {
        queue_processing: {
          status: "degraded",
          message: expect.stringMatching(
            /^1 of 1 queues at 10000 messages or more: \w+_queue \(\d+\)$/,
          ),
        },
      },
    });
    expect((await health.detailed()).status).toBe("degraded");
    queues = [...queues, { namespace: "gone", queue_name: "gone_queue" }];
    expect((await health.readiness()).checks.queue_processing?.message).toContain(
      "1 of 2 queues unreadable (missing)",
    );
    queues = queues.slice(1);
    expect(await health.readiness()).toMatchObject({
      status: "unhealthy",
      checks: { queue_processing: { status: "unhealthy" } },
    });
  });
});
