import { type Clock, createWorkerContext } from "@tasker-observability/core";
import type { SqlConnection } from "@tasker-observability/postgres";
import {
  createFakeClock,
  createTestDatabase,
  startTcpProxy,
  type TcpProxy,
  type TestDatabase,
} from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../testing/worker-harness.js";
import { settingNames } from "../options/setting-names.js";
import { type CreateWorkerOptions, resolveWorkerOptions } from "../options/worker-options.js";
import { openDatabase } from "./open-database.js";
import { openPool } from "./open-pool.js";

let database: TestDatabase;
let proxy: TcpProxy;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.url);
});
afterAll(async () => {
  await proxy.close();
  await database.drop();
});

const { signal } = new AbortController();

async function open(options: CreateWorkerOptions = {}, clock?: Clock) {
  const log: string[] = [];
  const settings = resolveWorkerOptions({ database: proxy.url(database.url), ...options });
  const context = createWorkerContext({ clock, logger: (_level, message) => log.push(message) });
  const opened = await openDatabase({ ...settings, names: settingNames(settings) }, context);
  onTestFinished(() => opened.close());
  return { opened, log };
}

describe("an open database", () => {
  it("answers through its pool, and on a direct connection", async () => {
    const { opened } = await open();
    await opened.database.ping(signal);
    await opened.pingDirectly();
    expect(opened.database.pool()).toMatchObject({ size: 1, max: 10 });
  });

  it("replaces an idle connection that breaks, and logs it", async () => {
    const { opened, log } = await open();
    await opened.database.ping(signal);
    proxy.reset();
    await eventually("the line", () => log.length === 1);
    expect(log).toEqual(["an idle connection was lost"]);
    await opened.database.ping(signal);
  });

  it("survives a connection that breaks while its user has no error listener", async () => {
    const settings = resolveWorkerOptions({});
    const opened = openPool(proxy.url(database.url), settings, createWorkerContext());
    onTestFinished(() => opened.close());
    const client = await opened.pool.connect();
    expect(client.listenerCount("error")).toBe(1);
    const asked = expect(client.query("select pg_sleep(60)")).rejects.toThrow();
    proxy.reset();
    await asked;
    client.release(true);
    await opened.database.ping(signal);
  });

  it("listens on the same URL, unless another is configured", async () => {
    const direct = "postgres://direct.example/x";
    expect((await open()).opened.listenTarget).toBe(proxy.url(database.url));
    expect((await open({ listenUrl: direct })).opened.listenTarget).toBe(direct);
  });

  it.each([
    [true, [{ statement: "select 1 as one" }]],
    [false, []],
  ])(
    "prepares statements as configured, preparedStatements = %s",
    async (preparedStatements, prepared) => {
      const { opened } = await open({ preparedStatements });
      const use = async (connection: SqlConnection) => {
        await connection.query({ name: "one", text: "select 1 as one" });
        return connection.query({ text: "select statement from pg_prepared_statements" });
      };
      expect(await opened.database.withConnection(use, { signal })).toEqual(prepared);
    },
  );

  it("closes all its connections without logging, and may be closed twice", async () => {
    const { opened, log } = await open();
    await Promise.all([opened.database.ping(signal), opened.database.ping(signal)]);
    await Promise.all([opened.close(), opened.close()]);
    expect(proxy.connections()).toBe(0);
    expect(log).toEqual([]);
  });

  it("closes after a second even if the network drops everything during a statement", async () => {
    const clock = createFakeClock();
    const { opened, log } = await open({}, clock);
    await opened.database.ping(signal);
    const busy = opened.database.withConnection(
      (connection) => connection.query({ text: "select pg_sleep(60)" }),
      { signal },
    );
    busy.catch(() => undefined);
    await eventually("the statement", () => opened.database.pool()?.idle === 0);
    proxy.blackhole();
    onTestFinished(() => proxy.restore());
    const closed = opened.close();
    await clock.advance(1_000);
    await closed;
    await expect(busy).rejects.toThrow();
    expect(log).toEqual([]);
  });
});
