import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startOwnServer, type OwnServer } from "./own-server.js";
import { withClient } from "./test-server.js";

describe("startOwnServer", () => {
  let server: OwnServer;
  const count = async (): Promise<unknown> => {
    const { rows } = await withClient(server.url, (client) =>
      client.query<{ count: number }>("select count(*)::int from kept"),
    );
    return rows[0]?.count;
  };
  beforeAll(async () => {
    server = await startOwnServer({ pgmq: true, settings: { max_connections: "7" } });
    await withClient(server.url, (client) => client.query("create table kept (n int)"));
  });
  afterAll(() => server.close());

  it("has PGMQ, and the settings that were asked for", async () => {
    const { rows } = await withClient(server.url, async (client) => {
      await client.query("select pgmq.create('orders')");
      return client.query("show max_connections");
    });
    expect(rows).toEqual([{ max_connections: "7" }]);
  });

  it("starts again under the same URL with the same data, after a stop and after a crash", async () => {
    await server.stop();
    await expect(count()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await server.start();
    expect(await count()).toBe(0);
    await withClient(server.url, (client) => client.query("insert into kept values (1)"));
    await server.kill();
    await expect(count()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await server.start();
    expect(await count()).toBe(1);
  });

  it("removes its data when it is closed, and may be closed again", async () => {
    const own = await startOwnServer();
    const { rows } = await withClient(own.url, (client) =>
      client.query<{ data_directory: string }>("show data_directory"),
    );
    await own.close();
    await own.close();
    expect(existsSync(dirname(rows[0]!.data_directory))).toBe(false);
  });
});
