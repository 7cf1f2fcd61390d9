import type { Database } from "@tasker-observability/core";
import { fromPgPool, fromPostgres, type SqlClient } from "@tasker-observability/postgres";
import {
  createTestDatabase,
  type PgBouncer,
  startPgBouncer,
  type TestDatabase,
  withClient,
} from "@tasker-observability/testkit";
import pg from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPgmqQueues } from "./index.js";

const program = process.env.PGBOUNCER;
const forEver = new AbortController().signal;

interface Driver {
  readonly client: Database & SqlClient;
  end(): Promise<void>;
}
const drivers: Record<string, (url: string) => Driver> = {
  pg(url) {
    const pool = new pg.Pool({ connectionString: url, max: 4 });
    return { client: fromPgPool(pool), end: () => pool.end() };
  },
  "postgres.js"(url) {
    const sql = postgres(url, { max: 4 });
    return { client: fromPostgres(sql), end: () => sql.end({ timeout: 1 }) };
  },
};

describe.skipIf(program === undefined).each(Object.entries(drivers))(
  "through PgBouncer in transaction mode, %s",
  (_name, open) => {
    let database: TestDatabase;
    let pooler: PgBouncer;
    let driver: Driver;

    beforeAll(async () => {
      database = await createTestDatabase({ pgmq: true });
      // Two connections of the server for four of ours, so that they are mixed up.
      pooler = await startPgBouncer({
        program: program ?? "",
        databaseUrl: database.url,
        poolSize: 2,
      });
      driver = open(pooler.url);
    });
    afterAll(async () => {
      await driver.end();
      await pooler.close();
      await database.drop();
    });

    it("answers pings from many at once", async () => {
      await Promise.all(Array.from({ length: 20 }, () => driver.client.ping(forEver)));
    });

    it("runs named statements on whatever server connection it gets", async () => {
      const statement = {
        name: "asked",
        text: "select $1::text as answer, pg_sleep(0.02)",
        values: ["yes"],
      };
      const ask = (): Promise<unknown> =>
        driver.client.withConnection((connection) => connection.query(statement), {
          signal: forEver,
        });
      for (let round = 0; round < 5; round += 1) {
        for (const rows of await Promise.all([ask(), ask(), ask(), ask()]))
          expect(rows).toMatchObject([{ answer: "yes" }]);
      }
    });

    it("reads queues again and again, many readers at once, each right", async () => {
      await withClient(database.url, async (client) => {
        for (let index = 0; index < 30; index += 1)
          await client.query("select pgmq.create($1), pgmq.send($1, '{}')", [`queue_${index}`]);
      });
      const queues = Array.from({ length: 30 }, (_, index) => ({
        namespace: "n",
        queue_name: `queue_${index}`,
      }));
      const limits = {
        cacheTtlMs: 0,
        budgetMs: 20_000,
        statementTimeoutMs: 10_000,
        timeoutMs: 30_000,
      };
      const readers = [1, 2, 3].map(() =>
        createPgmqQueues({ client: driver.client, queues: () => queues, ...limits }),
      );
      for (let round = 0; round < 5; round += 1) {
        for (const statistics of await Promise.all(
          readers.map((reader) => reader.statistics(forEver)),
        )) {
          expect(new Set(statistics.map(({ state, depth }) => `${state} ${depth}`))).toEqual(
            new Set(["readable 1"]),
          );
        }
      }
      for (const reader of readers) reader.close();
    });
  },
);
