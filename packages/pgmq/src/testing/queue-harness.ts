import type { QueueStatistics } from "@tasker-observability/core";
import { fromPgPool, fromPostgres, type SqlClient } from "@tasker-observability/postgres";
import { createTestDatabase, type TestDatabase } from "@tasker-observability/testkit";
import pg from "pg";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import {
  createPgmqQueues,
  type PgmqQueue,
  type PgmqQueues,
  type PgmqQueuesOptions,
} from "../index.js";

/** Runs a statement as the owner of the database. */
type Query = <Row extends pg.QueryResultRow>(
  text: string,
  values?: unknown[],
) => Promise<pg.QueryResult<Row>>;
type CleanUp = (end: () => unknown) => void;

/** A database with PGMQ for the tests of one file. Each test's queues and clients are removed after it. Call it once, at the top of the file. */
export function useQueueHarness() {
  const { query, url, cleanUp } = useQueueDatabase();
  const openPool = (at = url()): pg.Pool => {
    const pool = new pg.Pool({ connectionString: at, max: 1 });
    pool.on("error", () => undefined);
    cleanUp(() => pool.end());
    return pool;
  };
  const openPg = (): SqlClient => fromPgPool(openPool());
  const openPostgres = (): SqlClient => {
    const sql = postgres(url(), {
      max: 1,
      onnotice: (notice) => expect.fail(`a notice: ${String(notice.message)}`),
    });
    cleanUp(() => sql.end({ timeout: 1 }));
    return fromPostgres(sql);
  };
  /** A role that may log in and do nothing else, and a client of that role. */
  const loginRole = async (): Promise<{ name: string; client: SqlClient }> => {
    const own = new URL(url());
    const name = `role_${own.pathname.slice(1)}`;
    await query(`create role ${name} login password 'p'`);
    cleanUp(() => query(`drop owned by ${name} cascade; drop role ${name}`));
    own.username = name;
    own.password = "p";
    return { name, client: fromPgPool(openPool(own.href)) };
  };
  return {
    query,
    openPool,
    clients: { pg: openPg, "postgres.js": openPostgres },
    ...createSenders(query),
    ...createReaders(openPg, cleanUp),
    loginRole,
    url,
    cleanUp,
  };
}

function useQueueDatabase(): {
  readonly query: Query;
  readonly url: () => string;
  readonly cleanUp: CleanUp;
} {
  let database: TestDatabase;
  let admin: pg.Client;
  const cleanUps: (() => unknown)[] = [];
  const query: Query = (text, values) => admin.query(text, values);
  beforeAll(async () => {
    database = await createTestDatabase({ pgmq: true });
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
  });
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
    const { rows } = await query<{ relname: string }>(
      "select relname from pg_class where relnamespace = 'pgmq'::regnamespace and relname ~ '^[qa]_' and relkind in ('r', 'p') and not relispartition",
    );
    for (const { relname } of rows)
      await query(`drop table pgmq.${pg.escapeIdentifier(relname)} cascade`);
    await query("truncate pgmq.meta cascade");
  });
  return { query, url: () => database.url, cleanUp: (end) => void cleanUps.push(end) };
}

function createSenders(query: Query) {
  return {
    create: async (...names: string[]): Promise<void> => {
      for (const name of names) await query("select pgmq.create($1)", [name]);
    },
    /** Sends messages that were enqueued and become visible so many seconds ago; less than 0: in the future. */
    send: async (
      name: string,
      ...messages: { enqueued?: number; visible?: number }[]
    ): Promise<void> => {
      for (const { enqueued = 0, visible = 0 } of messages) {
        await query(
          `insert into pgmq.${pg.escapeIdentifier(`q_${name.toLowerCase()}`)} (enqueued_at, vt) values (now() - $1 * interval '1 second', now() - $2 * interval '1 second')`,
          [enqueued, visible],
        );
      }
    },
    sendMany: async (name: string, count: number): Promise<void> => {
      await query(
        `insert into pgmq.q_${name} (vt, message) select now(), '{}' from generate_series(1, $1)`,
        [count],
      );
    },
  };
}

function createReaders(openClient: () => SqlClient, cleanUp: CleanUp) {
  /** Reads without a cache and, unless said otherwise, with generous time limits. */
  const openReader = (
    queues: readonly PgmqQueue[],
    options: Partial<PgmqQueuesOptions> = {},
  ): PgmqQueues => {
    const reader = createPgmqQueues({
      client: options.client ?? openClient(),
      queues: () => queues,
      cacheTtlMs: 0,
      budgetMs: 20_000,
      statementTimeoutMs: 10_000,
      ...options,
    });
    cleanUp(() => reader.close());
    return reader;
  };
  const read = async (
    queues: readonly PgmqQueue[],
    options: Partial<PgmqQueuesOptions> = {},
  ): Promise<readonly QueueStatistics[]> =>
    openReader(queues, options).statistics(new AbortController().signal);
  return { openReader, read };
}

export const named = (...names: string[]): PgmqQueue[] =>
  names.map((queue_name) => ({ namespace: `of ${queue_name}`, queue_name }));

export const states = (statistics: readonly QueueStatistics[]): Record<string, string> =>
  Object.fromEntries(statistics.map(({ queue_name, state }) => [queue_name, state]));

/** An age that was this many seconds a moment ago: it grows while a test runs. */
export function aboutSeconds(age: number): unknown {
  return expect.toSatisfy(
    (seconds: unknown) => Number(seconds) >= age && Number(seconds) < age + 60,
  );
}
