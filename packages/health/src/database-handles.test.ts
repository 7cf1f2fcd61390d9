import { PGlite } from "@electric-sql/pglite";
import { createTestDatabase, startTcpProxy, type TcpProxy } from "@tasker-observability/testkit";
import { drizzle } from "drizzle-orm/node-postgres";
import { drizzle as drizzleOnPostgres } from "drizzle-orm/postgres-js";
import createKnex from "knex";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import createPgPromise from "pg-promise";
import postgres from "postgres";
import { Sequelize } from "sequelize";
import { DataSource } from "typeorm";
import { describe, expect, it, onTestFinished } from "vitest";
import { createHealthService } from "./health-service.js";
import type { DatabaseLike } from "./to-database.js";

interface Opened {
  readonly handle: DatabaseLike;
  readonly close: () => unknown;
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

async function openClient(url: string): Promise<Opened> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return { handle: client, close: () => client.end() };
}

const pgPromise = createPgPromise({ noWarnings: true });

/** How each library opens a database. */
const libraries: Record<string, (url: string) => Opened | Promise<Opened>> = {
  "a pg Client": openClient,
  "Drizzle on pg": (url) => {
    const pool = openPool(url);
    return { handle: drizzle(pool), close: () => pool.end() };
  },
  "Drizzle on postgres.js": (url) => {
    const sql = postgres(url, { max: 1, onnotice: () => undefined });
    return { handle: drizzleOnPostgres(sql), close: () => sql.end({ timeout: 0 }) };
  },
  Knex: (url) => {
    const knex = createKnex({ client: "pg", connection: url });
    return { handle: knex, close: () => knex.destroy() };
  },
  Kysely: (url) => {
    const kysely = new Kysely<object>({ dialect: new PostgresDialect({ pool: openPool(url) }) });
    return { handle: kysely, close: () => kysely.destroy() };
  },
  "pg-promise": (url) => {
    const database = pgPromise(url);
    return { handle: database, close: () => database.$pool.end() };
  },
  Sequelize: (url) => {
    const sequelize = new Sequelize(url, {
      dialect: "postgres",
      dialectModule: pg,
      logging: false,
    });
    return { handle: sequelize, close: () => sequelize.close() };
  },
  TypeORM: async (url) => {
    const source = new DataSource({ type: "postgres", url, driver: pg });
    await source.initialize();
    return { handle: source, close: () => source.destroy() };
  },
};

async function openThroughProxy(open: (url: string) => Opened | Promise<Opened>): Promise<{
  readonly handle: DatabaseLike;
  readonly proxy: TcpProxy;
}> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const proxy = await startTcpProxy(database.url);
  onTestFinished(() => proxy.close());
  const { handle, close } = await open(proxy.url(database.url));
  onTestFinished(async () => {
    await close();
  });
  return { handle, proxy };
}

async function databaseStatus(handle: DatabaseLike): Promise<string | undefined> {
  const health = createHealthService({ database: handle, cacheTtlMs: 0 });
  const { checks } = await health.readiness();
  health.close();
  return checks.database?.status;
}

describe("the database of an application is asked through", () => {
  it.each(Object.entries(libraries))("%s", async (_, open) => {
    const { handle, proxy } = await openThroughProxy(open);
    expect(await databaseStatus(handle)).toBe("healthy");
    await proxy.cut();
    expect(await databaseStatus(handle)).toBe("unhealthy");
  });

  it("PGlite", async () => {
    const database = await PGlite.create();
    expect(await databaseStatus(database)).toBe("healthy");
    await database.close();
    expect(await databaseStatus(database)).toBe("unhealthy");
  });

  it("what has Prisma's and Neon's methods, by its text", async () => {
    const asked: string[] = [];
    const ask = async (text: string): Promise<void> => void asked.push(text);
    const neon = Object.assign(async () => [], { query: ask });
    expect(await databaseStatus({ $queryRawUnsafe: ask })).toBe("healthy");
    expect(await databaseStatus(neon)).toBe("healthy");
    expect(asked).toEqual(["select 1", "select 1"]);
  });

  it("an object with ping() alone, as its method and with a signal", async () => {
    const handle = {
      isUp: true,
      async ping(signal: AbortSignal) {
        signal.throwIfAborted();
        if (!this.isUp) throw new Error("down");
      },
    };
    expect(await databaseStatus(handle)).toBe("healthy");
    handle.isUp = false;
    expect(await databaseStatus(handle)).toBe("unhealthy");
  });
});
