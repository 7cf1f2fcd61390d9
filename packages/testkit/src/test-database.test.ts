import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, sharedServerUrl, type TestDatabase } from "./test-database.js";
import { withClient } from "./test-server.js";

const names = `select datname as name from pg_database where datname like 'test\\_%' order by 1`;

describe("createTestDatabase", () => {
  let database: TestDatabase;
  beforeAll(async () => (database = await createTestDatabase({ pgmq: true })));
  afterAll(() => database.drop());

  it("makes a database in which PGMQ works", async () => {
    const { rows } = await withClient(database.url, async (client) => {
      await client.query("select pgmq.create('orders')");
      await client.query(`select pgmq.send('orders', '{"n": 1}')`);
      return client.query("select message from pgmq.read('orders', 30, 1)");
    });
    expect(rows).toEqual([{ message: { n: 1 } }]);
  });

  it("makes an empty database if PGMQ is not requested", async () => {
    const empty = await createTestDatabase();
    const { rows } = await withClient(empty.url, (client) =>
      client.query("select count(*)::int from pg_namespace where nspname = 'pgmq'"),
    );
    await empty.drop();
    expect(rows).toEqual([{ count: 0 }]);
  });

  it("makes many at once, each its own", async () => {
    const databases = await Promise.all(
      Array.from({ length: 5 }, () => createTestDatabase({ pgmq: true })),
    );
    await withClient(databases[0]!.url, (client) =>
      client.query("select pgmq.create('only_here')"),
    );
    const queues = await Promise.all(
      databases.map(({ url }) =>
        withClient(url, (client) => client.query("select * from pgmq.list_queues()")),
      ),
    );
    await Promise.all(databases.map((each) => each.drop()));
    expect(queues.map(({ rows }) => rows.length)).toEqual([1, 0, 0, 0, 0]);
  });

  it("drops a database that is in use, and may drop it again", async () => {
    const doomed = await createTestDatabase();
    const cut = withClient(doomed.url, async (client) => {
      const end = new Promise<string>((resolve) =>
        client.on("error", (error: Error & { code?: string }) =>
          resolve(error.code ?? error.message),
        ),
      );
      await doomed.drop();
      return end;
    });
    await expect(cut).resolves.toBe("57P01");
    await doomed.drop();
    const { rows } = await withClient(await sharedServerUrl(), (client) => client.query(names));
    expect(rows).not.toContainEqual({ name: doomed.name });
  });
});
