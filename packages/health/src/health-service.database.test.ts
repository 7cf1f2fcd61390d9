import { createWorkerContext } from "@tasker-observability/core";
import { fromPgPool } from "@tasker-observability/postgres";
import { createPgmqQueues } from "@tasker-observability/pgmq";
import {
  createTestDatabase,
  startTcpProxy,
  type TcpProxy,
  type TestDatabase,
  waitFor,
  withClient,
} from "@tasker-observability/testkit";
import pg from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { HealthServiceOptions } from "./health-options.js";
import { createHealthService, type HealthService } from "./health-service.js";
import type { ReadyHealth } from "./schemas/detailed-health.js";

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase({ pgmq: true })));
afterAll(() => database.drop());

/** A way to the database that the test can break. */
async function openProxy(): Promise<TcpProxy> {
  const { hostname, port } = new URL(database.url);
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
  onTestFinished(() => proxy.close());
  return proxy;
}

const limits = { cacheTtlMs: 100, checkTimeoutMs: 400, abandonAfterMs: 800 };
/** For what is not about time: a busy machine may take its own. */
const patient = { checkTimeoutMs: 10_000, slowMs: 10_000 };
/** Within the time-to-live and the time-out, and what a busy machine adds. */
const turnsWithinMs = limits.cacheTtlMs + limits.checkTimeoutMs + 1_000;

function createPool(options: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString: database.url, ...options });
  pool.on("error", () => undefined);
  onTestFinished(async () => {
    if (!pool.ended) await pool.end();
  });
  return pool;
}

/** Our own sessions, as the server sees them. */
async function sessionsOf(applicationName: string): Promise<number> {
  const { rows } = await withClient(database.url, (client) =>
    client.query<{ count: number }>(
      "select count(*)::int from pg_stat_activity where application_name = $1",
      [applicationName],
    ),
  );
  return rows[0]!.count;
}

function turns(
  health: HealthService,
  status: ReadyHealth["status"],
  timeoutMs: number,
): Promise<ReadyHealth> {
  const isTurned = async (): Promise<ReadyHealth | null> => {
    const answer = await health.readiness();
    return answer.status === status ? answer : null;
  };
  return waitFor(isTurned, { what: `readiness to be ${status}`, timeoutMs });
}

describe("with the user's own client", () => {
  it("has the checks lifecycle and database for a pg pool", async () => {
    const health = createHealthService({ database: createPool({ max: 3 }), ...patient });
    expect(await health.readiness()).toMatchObject({
      status: "healthy",
      checks: {
        lifecycle: { status: "healthy" },
        database: { status: "healthy", message: null, criticality: "required", cached: false },
      },
      system_info: {
        database_pool_size: 1,
        pool_utilization: { size: 1, idle: 1, waiting: 0, max: 3 },
      },
    });
    expect(Object.keys((await health.detailed()).checks)).toEqual(["lifecycle", "database"]);
  });

  it("has them for postgres.js too, which does not tell of its pool", async () => {
    const sql = postgres(database.url, { max: 2 });
    onTestFinished(() => sql.end());
    const health = createHealthService({ database: sql, ...patient });
    expect(await health.readiness()).toMatchObject({
      status: "healthy",
      checks: { database: { status: "healthy" } },
      system_info: { database_pool_size: null, pool_utilization: null },
    });
  });

  it("leaves the pool to its owner when it closes", async () => {
    const pool = createPool();
    const health = createHealthService({ database: pool });
    await health.readiness();
    health.close();
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });
});

type Client = NonNullable<HealthServiceOptions["database"]>;

function connectPg(url: string, applicationName: string): Client {
  return createPool({ connectionString: url, application_name: applicationName, max: 3 });
}

function connectPostgres(url: string, applicationName: string): Client {
  const sql = postgres(url, {
    max: 3,
    connection: { application_name: applicationName },
    backoff: () => 0.05,
  });
  onTestFinished(() => sql.end({ timeout: 0 }));
  return sql;
}

describe.each([
  ["pg", connectPg],
  ["postgres.js", connectPostgres],
] as const)("a database that is cut off, through %s", (driver, connect) => {
  it.each([
    ["by a server that is gone", async (proxy: TcpProxy) => proxy.cut()],
    ["by a network that swallows everything", async (proxy: TcpProxy) => proxy.blackhole()],
  ] as const)(
    "%s: is not ready within the time-to-live and the time-out, and ready again after it returns",
    async (_how, cutOff) => {
      const proxy = await openProxy();
      const health = createHealthService({
        database: connect(proxy.url(database.url), "cut-off"),
        ...limits,
      });
      await turns(health, "healthy", 5_000);
      await cutOff(proxy);
      const answer = await turns(health, "unhealthy", turnsWithinMs);
      expect(answer.checks).toMatchObject({
        lifecycle: { status: "healthy" },
        database: { status: "unhealthy" },
      });
      await proxy.restore();
      await turns(health, "healthy", 5_000);
      health.close();
    },
  );

  it("by a reset in mid-statement: is ready again with the next round", async () => {
    const proxy = await openProxy();
    const health = createHealthService({
      database: connect(proxy.url(database.url), "reset"),
      ...limits,
    });
    await turns(health, "healthy", 5_000);
    proxy.blackhole();
    await waitFor(
      async () => (await health.readiness()).checks.database?.message?.startsWith("still running"),
      { what: "a ping under way" },
    );
    proxy.reset();
    await proxy.restore();
    await turns(health, "healthy", 5_000);
    health.close();
  });

  it("leaves no session behind that its pool does not know of", async () => {
    const proxy = await openProxy();
    const applicationName = `stray-${driver}`;
    const health = createHealthService({
      database: connect(proxy.url(database.url), applicationName),
      ...limits,
    });
    await goThroughTrouble(health, proxy);
    await waitFor(async () => (await sessionsOf(applicationName)) <= 3, {
      what: "at most the pool's own sessions",
    });
    health.close();
  });
});

/** Every kind of trouble, with fifty probes at once in each. */
async function goThroughTrouble(health: HealthService, proxy: TcpProxy): Promise<void> {
  const steps = [
    [async () => proxy.cut(), "unhealthy"],
    [async () => proxy.restore(), "healthy"],
    [async () => proxy.reset(), "healthy"],
    [async () => proxy.blackhole(), "unhealthy"],
    [async () => proxy.restore(), "healthy"],
  ] as const;
  for (const [act, status] of steps) {
    await act();
    await turns(health, status, 5_000);
    await Promise.all(Array.from({ length: 50 }, () => health.readiness()));
  }
}

describe("a pg pool", () => {
  it("has all its connections idle and nobody waiting after a thousand probes and every kind of trouble", async () => {
    const proxy = await openProxy();
    const pool = createPool({
      connectionString: proxy.url(database.url),
      application_name: "thousand",
      max: 4,
    });
    const health = createHealthService({ database: pool, ...limits, cacheTtlMs: 0 });
    for (let round = 0; round < 4; round += 1) await goThroughTrouble(health, proxy);
    await waitFor(() => pool.idleCount === pool.totalCount && pool.waitingCount === 0, {
      what: "every connection idle",
    });
    await waitFor(async () => (await sessionsOf("thousand")) === pool.totalCount, {
      what: "as many sessions as the pool has connections",
    });
    health.close();
    await pool.end();
    await waitFor(async () => (await sessionsOf("thousand")) === 0, { what: "no session" });
  });

  it("keeps the connection of a slow server, and loses it only when the run is abandoned", async () => {
    const proxy = await openProxy();
    const pool = createPool({ connectionString: proxy.url(database.url) });
    const removed: unknown[] = [];
    pool.on("remove", (client) => removed.push(client));
    const health = createHealthService({ database: pool, ...limits });
    await turns(health, "healthy", 5_000);
    proxy.blackhole();
    await turns(health, "unhealthy", turnsWithinMs);
    await waitFor(
      async () => (await health.readiness()).checks.database?.message?.startsWith("still running"),
      { what: "a run that hangs" },
    );
    expect([removed.length, pool.totalCount]).toEqual([0, 1]);
    await waitFor(
      async () => (await health.readiness()).status === "unhealthy" && removed.length === 1,
      { what: "the connection to be destroyed" },
    );
    health.close();
    await proxy.restore();
  });

  it("that is exhausted makes the worker unready without a queue of pings behind it", async () => {
    const pool = createPool({ max: 1 });
    const busy = await pool.connect();
    const health = createHealthService({ database: pool, ...limits });
    const answers = await Promise.all(Array.from({ length: 100 }, () => health.readiness()));
    expect(answers[0]).toMatchObject({
      status: "unhealthy",
      checks: { database: { message: "timeout after 400 ms" } },
    });
    expect(pool.waitingCount).toBe(1);
    busy.release();
    await turns(health, "healthy", 5_000);
    expect([pool.idleCount, pool.totalCount, pool.waitingCount]).toEqual([1, 1, 0]);
  });
});

describe("the message", () => {
  it.each([
    [
      "authentication_failed",
      () =>
        createPool({
          connectionString: undefined,
          ...addressOf(database.url),
          user: "nobody_here",
        }),
    ],
    [
      "database_not_found",
      () =>
        createPool({
          connectionString: undefined,
          ...addressOf(database.url),
          database: "nothing_here",
        }),
    ],
    [
      "host_not_found",
      () =>
        createPool({
          connectionString: undefined,
          host: "nowhere.invalid",
          user: "u",
          database: "d",
        }),
    ],
    [
      "connection_refused",
      () => createPool({ connectionString: undefined, ...addressOf(database.url), port: 1 }),
    ],
  ] as const)("names %s, and neither host nor user", async (kind, pool) => {
    const health = await createHealthService({ database: pool(), ...patient }).readiness();
    expect(health.checks.database).toMatchObject({ status: "unhealthy", message: kind });
    expect(JSON.stringify(health)).not.toMatch(
      /nobody_here|nothing_here|nowhere|127\.0\.0\.1|localhost/,
    );
  });

  it("names a pool that has no connection to give, and one that has ended", async () => {
    const pool = createPool({ max: 1, connectionTimeoutMillis: 1_500 });
    const busy = await pool.connect();
    const health = createHealthService({ database: pool, cacheTtlMs: 0, ...patient });
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
    const pool = createPool();
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
    const health = createHealthService({ context, cacheTtlMs: 0, ...patient });
    expect(await health.readiness()).toMatchObject({
      status: "healthy",
      checks: {
        queue_processing: {
          status: "degraded",
          message: "1 of 1 queues at 10000 messages or more",
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
