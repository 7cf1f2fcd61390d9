import { fromPgPool } from "@tasker-observability/postgres";
import { createTestDatabase, type TestDatabase } from "@tasker-observability/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { withReadOnlyRetry } from "./with-read-only-retry.js";

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.drop());

/** A pool of four connections that were opened while the database took no writes; it takes some again. */
async function openStalePool() {
  const pool = new pg.Pool({ connectionString: database.url, max: 5 });
  onTestFinished(() => pool.end());
  const stale = await Promise.all(Array.from({ length: 4 }, () => pool.connect()));
  for (const client of stale) await client.query("set default_transaction_read_only = on");
  for (const client of stale) client.release();
  return { pool, client: withReadOnlyRetry(fromPgPool(pool), pool) };
}

const call = { signal: new AbortController().signal };

describe("a pool whose connections lead to a server that has become read-only", () => {
  it("replaces them at the first refusal, and the write succeeds", async () => {
    const { pool, client } = await openStalePool();
    await client.withConnection(
      (connection) => connection.query({ text: "create table written (id int)" }),
      call,
    );
    const settings = await Promise.all(
      Array.from({ length: 5 }, () =>
        client.withConnection(
          (connection) => connection.query({ text: "show default_transaction_read_only" }),
          call,
        ),
      ),
    );
    expect(new Set(settings.flat().map((row) => row.default_transaction_read_only))).toEqual(
      new Set(["off"]),
    );
    expect(pool.waitingCount).toBe(0);
  });

  it("retries once only, and passes other failures on", async () => {
    const { client } = await openStalePool();
    const tried: string[] = [];
    const failWith = (text: string) =>
      client.withConnection((connection) => (tried.push(text), connection.query({ text })), call);
    await expect(failWith("begin read only; create table never (id int)")).rejects.toMatchObject({
      code: "25006",
    });
    await expect(failWith("select 1 / 0")).rejects.toMatchObject({ code: "22012" });
    expect(tried).toHaveLength(3);
  });
});
