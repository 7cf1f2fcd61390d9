import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPgBouncer, type PgBouncer } from "./pg-bouncer.js";
import { createTestDatabase, type TestDatabase } from "./test-database.js";
import { withClient } from "./test-server.js";

const program = process.env.PGBOUNCER;

describe.skipIf(program === undefined)("PgBouncer for tests", () => {
  let database: TestDatabase;
  let pooler: PgBouncer;
  beforeAll(async () => {
    database = await createTestDatabase();
    pooler = await startPgBouncer({
      program: program ?? "",
      databaseUrl: database.url,
      poolSize: 1,
    });
  });
  afterAll(async () => {
    await pooler.close();
    await database.drop();
  });

  it("leads to the database, and lends one connection of the server to many clients", async () => {
    const ask = { text: "select current_database() as name, pg_backend_pid() as process" };
    const [first, second] = await withClient(pooler.url, (one) =>
      withClient(pooler.url, async (other) => [
        (await one.query(ask)).rows,
        (await other.query(ask)).rows,
      ]),
    );
    expect(first).toEqual([{ name: database.name, process: expect.any(Number) }]);
    expect(second).toEqual(first);
  });

  it("is gone once it is closed", async () => {
    await pooler.close();
    await pooler.close();
    await expect(
      withClient(pooler.url, (client) => client.query("select 1")),
    ).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
