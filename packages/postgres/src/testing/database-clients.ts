import type { Database } from "@tasker-observability/core";
import { createTestDatabase, type TestDatabase } from "@tasker-observability/testkit";
import pg from "pg";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, expect, type Mock, vi } from "vitest";
import { fromPgPool, fromPostgres, type SqlClient } from "../index.js";

/** Both adapters, made over the driver's own pool of at most `max` connections. */
interface Driver {
  readonly client: Database & SqlClient;
  end(): Promise<void>;
}

const notices: Mock = vi.fn();
/** By the driver's name. */
const drivers: Record<"pg" | "postgres.js", (url: string, max: number) => Driver> = {
  pg(url, max) {
    const pool = new pg.Pool({ connectionString: url, max, application_name: "under test" });
    pool.on("error", () => undefined);
    return { client: fromPgPool(pool), end: () => pool.end() };
  },
  "postgres.js"(url, max) {
    const sql = postgres(url, {
      max,
      onnotice: notices,
      connection: { application_name: "under test" },
    });
    return { client: fromPostgres(sql), end: () => sql.end({ timeout: 1 }) };
  },
};

/** Never aborted. */
export const forEver: AbortSignal = new AbortController().signal;

/** Runs one statement. */
export const ask = (
  client: SqlClient,
  text: string,
  signal: AbortSignal = forEver,
): Promise<unknown> =>
  client.withConnection((connection) => connection.query({ text }), { signal });

/** A database for the tests of one file, and clients of each driver, which are ended after each test. Call it once, at the top of the file. */
export function useDatabaseClients() {
  const { url, query } = useDatabase();
  const opened: Driver[] = [];
  beforeEach(() => notices.mockClear());
  async function sessions(condition = "true"): Promise<number> {
    const { rows } = await query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'under test' and ${condition}`,
    );
    return rows[0]!.count;
  }
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((driver) => driver.end()));
    // A server that sleeps does not notice that its client has gone.
    await vi.waitFor(async () => {
      await query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      );
      expect(await sessions()).toBe(0);
    });
  });
  const openWith =
    (openDriver: (url: string, max: number) => Driver) =>
    (at = url(), max = 2): Database & SqlClient => {
      const driver = openDriver(at, max);
      opened.push(driver);
      return driver.client;
    };
  return {
    url,
    query,
    /** How many sessions the clients have. */
    sessions,
    /** What the server has sent as notices since the test began. */
    notices,
    clients: { pg: openWith(drivers.pg), "postgres.js": openWith(drivers["postgres.js"]) },
  };
}

function useDatabase() {
  let database: TestDatabase;
  let admin: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
  });
  return {
    url: () => database.url,
    query: <Row extends pg.QueryResultRow>(text: string): Promise<pg.QueryResult<Row>> =>
      admin.query<Row>(text),
  };
}
