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

/** A database with PGMQ for the tests of one file, whose queues and whatever was opened are gone after each of them. To be called once, at the top of the file. */
export function useQueueHarness() {
  let database: TestDatabase;
  let admin: pg.Client;
  const cleanUps: (() => unknown)[] = [];
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

  /** As the owner of everything. */
  function query<Row extends pg.QueryResultRow>(
    text: string,
    values?: unknown[],
  ): Promise<pg.QueryResult<Row>> {
    return admin.query<Row>(text, values);
  }

  function openPool(url = database.url): pg.Pool {
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    pool.on("error", () => undefined);
    cleanUps.push(() => pool.end());
    return pool;
  }

  function openPostgres(): SqlClient {
    const sql = postgres(database.url, {
      max: 1,
      onnotice: (notice) => expect.fail(`a notice: ${String(notice.message)}`),
    });
    cleanUps.push(() => sql.end({ timeout: 1 }));
    return fromPostgres(sql);
  }

  async function create(...names: string[]): Promise<void> {
    for (const name of names) await query("select pgmq.create($1)", [name]);
  }

  /** Sends messages that were enqueued and become visible so many seconds ago; less than 0: in the future. */
  async function send(
    name: string,
    ...messages: { enqueued?: number; visible?: number }[]
  ): Promise<void> {
    for (const { enqueued = 0, visible = 0 } of messages) {
      await query(
        `insert into pgmq.${pg.escapeIdentifier(`q_${name.toLowerCase()}`)} (enqueued_at, vt) values (now() - $1 * interval '1 second', now() - $2 * interval '1 second')`,
        [enqueued, visible],
      );
    }
  }

  async function sendMany(name: string, count: number): Promise<void> {
    await query(
      `insert into pgmq.q_${name} (vt, message) select now(), '{}' from generate_series(1, $1)`,
      [count],
    );
  }

  /** Reads without a cache and, unless said otherwise, without haste. */
  function openReader(
    queues: readonly PgmqQueue[],
    options: Partial<PgmqQueuesOptions> = {},
  ): PgmqQueues {
    const reader = createPgmqQueues({
      client: options.client ?? fromPgPool(openPool()),
      queues: () => queues,
      cacheTtlMs: 0,
      budgetMs: 20_000,
      statementTimeoutMs: 10_000,
      ...options,
    });
    cleanUps.push(() => reader.close());
    return reader;
  }

  async function read(
    queues: readonly PgmqQueue[],
    options: Partial<PgmqQueuesOptions> = {},
  ): Promise<readonly QueueStatistics[]> {
    return openReader(queues, options).statistics(new AbortController().signal);
  }

  async function loginRole(): Promise<{ name: string; client: SqlClient }> {
    const name = `role_${database.name}`;
    await query(`create role ${name} login password 'p'`);
    cleanUps.push(() => query(`drop owned by ${name} cascade; drop role ${name}`));
    const url = new URL(database.url);
    url.username = name;
    url.password = "p";
    return { name, client: fromPgPool(openPool(url.href)) };
  }

  return {
    query,
    openPool,
    clients: { pg: () => fromPgPool(openPool()), "postgres.js": openPostgres },
    create,
    send,
    sendMany,
    openReader,
    read,
    loginRole,
    url: () => database.url,
    cleanUp: (end: () => unknown) => void cleanUps.push(end),
  };
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
