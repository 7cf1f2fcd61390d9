import {
  createTestDatabase,
  type TcpProxy,
  type TestDatabase,
  waitFor,
} from "@tasker-observability/testkit";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { HealthServiceOptions } from "./health-options.js";
import { createHealthService, type HealthService } from "./health-service.js";
import {
  openProxy,
  limits,
  changesWithinMs,
  createPool,
  sessionsOf,
  waitForStatus,
} from "./testing/real-database.js";

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.drop());

type Client = NonNullable<HealthServiceOptions["database"]>;

function connectPg(url: string, applicationName: string): Client {
  return createPool(database.url, {
    connectionString: url,
    application_name: applicationName,
    max: 3,
  });
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
    ["by a network that drops every packet", async (proxy: TcpProxy) => proxy.blackhole()],
  ] as const)(
    "%s: is not ready within the time-to-live and the time-out, and ready again after it returns",
    async (_how, cutOff) => {
      const proxy = await openProxy(database.url);
      const health = createHealthService({
        database: connect(proxy.url(database.url), "cut-off"),
        ...limits,
      });
      await waitForStatus(health, "healthy", 5_000);
      await cutOff(proxy);
      const answer = await waitForStatus(health, "unhealthy", changesWithinMs);
      expect(answer.checks).toMatchObject({
        lifecycle: { status: "healthy" },
        database: { status: "unhealthy" },
      });
      await proxy.restore();
      await waitForStatus(health, "healthy", 5_000);
      health.close();
    },
  );

  it("by a reset in mid-statement: is ready again with the next run", async () => {
    const proxy = await openProxy(database.url);
    const health = createHealthService({
      database: connect(proxy.url(database.url), "reset"),
      ...limits,
    });
    await waitForStatus(health, "healthy", 5_000);
    proxy.blackhole();
    await waitFor(
      async () => (await health.readiness()).checks.database?.message?.startsWith("still running"),
      { what: "a ping under way" },
    );
    proxy.reset();
    await proxy.restore();
    await waitForStatus(health, "healthy", 5_000);
    health.close();
  });

  it("leaves no session outside its pool", async () => {
    const proxy = await openProxy(database.url);
    const applicationName = `stray-${driver}`;
    const health = createHealthService({
      database: connect(proxy.url(database.url), applicationName),
      ...limits,
    });
    await runThroughFailures(health, proxy);
    await waitFor(async () => (await sessionsOf(database.url, applicationName)) <= 3, {
      what: "at most the pool's own sessions",
    });
    health.close();
  });
});

/** Every kind of failure, with fifty concurrent probes in each. */
async function runThroughFailures(health: HealthService, proxy: TcpProxy): Promise<void> {
  const steps = [
    [async () => proxy.cut(), "unhealthy"],
    [async () => proxy.restore(), "healthy"],
    [async () => proxy.reset(), "healthy"],
    [async () => proxy.blackhole(), "unhealthy"],
    [async () => proxy.restore(), "healthy"],
  ] as const;
  for (const [act, status] of steps) {
    await act();
    await waitForStatus(health, status, 5_000);
    await Promise.all(Array.from({ length: 50 }, async () => health.readiness()));
  }
}

describe("a pg pool", () => {
  it("has only idle connections and no waiting callers after a thousand probes and every kind of failure", async () => {
    const proxy = await openProxy(database.url);
    const pool = createPool(database.url, {
      connectionString: proxy.url(database.url),
      application_name: "thousand",
      max: 4,
    });
    const health = createHealthService({ database: pool, ...limits, cacheTtlMs: 0 });
    for (let round = 0; round < 4; round += 1) await runThroughFailures(health, proxy);
    await waitFor(() => pool.idleCount === pool.totalCount && pool.waitingCount === 0, {
      what: "every connection idle",
    });
    await waitFor(async () => (await sessionsOf(database.url, "thousand")) === pool.totalCount, {
      what: "as many sessions as the pool has connections",
    });
    health.close();
    await pool.end();
    await waitFor(async () => (await sessionsOf(database.url, "thousand")) === 0, {
      what: "no session",
    });
  });

  it("keeps the connection to a slow server until the run is abandoned", async () => {
    const proxy = await openProxy(database.url);
    const pool = createPool(database.url, { connectionString: proxy.url(database.url) });
    const removed: unknown[] = [];
    pool.on("remove", (client) => removed.push(client));
    const health = createHealthService({ database: pool, ...limits });
    await waitForStatus(health, "healthy", 5_000);
    proxy.blackhole();
    await waitForStatus(health, "unhealthy", changesWithinMs);
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
    const pool = createPool(database.url, { max: 1 });
    const busy = await pool.connect();
    const health = createHealthService({ database: pool, ...limits });
    const answers = await Promise.all(Array.from({ length: 100 }, async () => health.readiness()));
    expect(answers[0]).toMatchObject({
      status: "unhealthy",
      checks: { database: { message: "timeout after 400 ms" } },
    });
    expect(pool.waitingCount).toBe(1);
    busy.release();
    await waitForStatus(health, "healthy", 5_000);
    expect([pool.idleCount, pool.totalCount, pool.waitingCount]).toEqual([1, 1, 0]);
  });
});
