import {
  createTestDatabase,
  startTcpProxy,
  type TcpProxy,
  type TestDatabase,
} from "@tasker-observability/testkit";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, it, vi } from "vitest";
import { fromPostgres, isPostgresSql } from "./from-postgres.js";
import type { PostgresSqlLike } from "./postgres-like.js";

let database: TestDatabase;
let proxy: TcpProxy;
const opened: postgres.Sql[] = [];
const forEver = new AbortController().signal;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.url);
});
afterAll(async () => {
  await proxy.close();
  await database.drop();
});
afterEach(async () => {
  await proxy.restore();
  await Promise.all(opened.splice(0).map((sql) => sql.end({ timeout: 1 })));
});

function open(
  options: postgres.Options<Record<string, never>> = {},
  url = database.url,
): postgres.Sql {
  const sql = postgres(url, { max: 1, ...options });
  opened.push(sql);
  return sql;
}

describe("fromPostgres", () => {
  it("takes postgres.js' sql as it is", () => {
    expectTypeOf<postgres.Sql>().toExtend<PostgresSqlLike>();
    expectTypeOf<postgres.Sql<{ bigint: bigint }>>().toExtend<PostgresSqlLike>();
    expect(isPostgresSql(open())).toBe(true);
    for (const other of [null, undefined, {}, () => undefined, "sql"])
      expect(isPostgresSql(other)).toBe(false);
  });

  it("gives columns their own names if the user's sql turns them into another case", async () => {
    for (const transform of [postgres.camel, postgres.pascal, postgres.kebab]) {
      const rows = await fromPostgres(open({ transform })).withConnection(
        (connection) => connection.query({ text: "select 1 as oldest_age, 2 as depth" }),
        { signal: forEver },
      );
      expect(rows).toEqual([{ oldest_age: 1, depth: 2 }]);
    }
  });

  it("says what to do if the driver would never lend a connection, but still pings", async () => {
    const client = fromPostgres(open({ fetch_types: false }));
    await expect(client.withConnection(async () => 1, { signal: forEver })).rejects.toThrow(
      "remove that option",
    );
    await expect(client.ping(forEver)).resolves.toBeUndefined();
  });

  it("cannot destroy a connection: a ping in a dead network stays pending, however its caller gives up, until the network is back", async () => {
    const client = fromPostgres(open({}, proxy.url(database.url)));
    await client.ping(forEver);
    proxy.blackhole();
    const caller = new AbortController();
    const settled = vi.fn();
    const ping = client.ping(caller.signal).finally(settled);
    caller.abort(new Error("given up"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).not.toHaveBeenCalled();
    await proxy.restore();
    await expect(ping).resolves.toBeUndefined();
  });

  it("never prepares when it or the driver is configured without statement names", async () => {
    for (const client of [
      fromPostgres(open(), { preparedStatements: false }),
      fromPostgres(open({ prepare: false })),
    ]) {
      const rows = await client.withConnection(
        async (connection) => {
          await connection.query({ name: "one", text: "select 1 as one" });
          return connection.query({
            text: "select statement from pg_prepared_statements where statement ~ 'as one'",
          });
        },
        { signal: forEver },
      );
      expect(rows).toEqual([]);
    }
  });

  it("lets the user's sql end in peace after connections were lent, lost and failed", async () => {
    const sql = open();
    const client = fromPostgres(sql);
    const ask = (text: string): Promise<unknown> =>
      client.withConnection((connection) => connection.query({ text }), { signal: forEver });
    await ask("select 1");
    await expect(ask("select 1 / 0")).rejects.toMatchObject({ code: "22012" });
    await expect(ask("select pg_terminate_backend(pg_backend_pid())")).rejects.toThrow();
    await ask("select 1");
    await sql.end();
  });

  it("does not touch a connection that was lost, which would end the process, and says that it is lost", async () => {
    const client = fromPostgres(open());
    const use = client.withConnection(
      async (connection) => {
        await connection
          .query({ text: "select pg_terminate_backend(pg_backend_pid())" })
          .catch(() => undefined);
        await connection.query({ text: "select 1" });
      },
      { signal: forEver },
    );
    await expect(use).rejects.toThrow("The connection is lost.");
    await expect(client.ping(forEver)).resolves.toBeUndefined();
  });
});
