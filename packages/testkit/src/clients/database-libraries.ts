import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/node-postgres";
import { drizzle as drizzleOnPostgres } from "drizzle-orm/postgres-js";
import createKnex from "knex";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import createPgPromise from "pg-promise";
import postgres from "postgres";
import { Sequelize } from "sequelize";
import { DataSource } from "typeorm";

/** A transaction as the library hands it to its user. */
type UseTransaction<Transaction> = (transaction: Transaction) => Promise<void>;

/** A database, as an application opens it by a library. */
interface OpenedDatabase<Handle, Transaction> {
  readonly handle: Handle;
  /** In a transaction, committed afterwards, and rolled back where `use` rejects. */
  readonly transaction: (use: UseTransaction<Transaction>) => Promise<unknown>;
  readonly close: () => unknown;
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

async function inTransaction(client: pg.ClientBase, use: UseTransaction<pg.ClientBase>) {
  await client.query("begin");
  try {
    await use(client);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

const openPostgres = (url: string) => postgres(url, { max: 1, onnotice: () => undefined });
const pgPromise = createPgPromise({ noWarnings: true });

function opened<Handle, Transaction>(
  database: OpenedDatabase<Handle, Transaction>,
): OpenedDatabase<Handle, Transaction> {
  return database;
}

/** How each library opens a database of a server. */
export const databaseLibraries = {
  "a pg Pool": (url: string) => {
    const pool = openPool(url);
    return opened({
      handle: pool,
      close: () => pool.end(),
      transaction: async (use: UseTransaction<pg.ClientBase>) => {
        const client = await pool.connect();
        await inTransaction(client, use).finally(() => client.release());
      },
    });
  },
  "a pg Client": async (url: string) => {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    await client.connect();
    return opened({
      handle: client,
      close: () => client.end(),
      transaction: (use: UseTransaction<pg.ClientBase>) => inTransaction(client, use),
    });
  },
  "postgres.js": (url: string) => {
    const sql = openPostgres(url);
    return opened({
      handle: sql,
      close: () => sql.end({ timeout: 0 }),
      transaction: (use: UseTransaction<postgres.TransactionSql>) => sql.begin(use),
    });
  },
  "Drizzle on pg": (url: string) => {
    const pool = openPool(url);
    const database = drizzle(pool);
    return opened({
      handle: database,
      close: () => pool.end(),
      transaction: (use: Parameters<typeof database.transaction<void>>[0]) =>
        database.transaction(use),
    });
  },
  "Drizzle on postgres.js": (url: string) => {
    const sql = openPostgres(url);
    const database = drizzleOnPostgres(sql);
    return opened({
      handle: database,
      close: () => sql.end({ timeout: 0 }),
      transaction: (use: Parameters<typeof database.transaction<void>>[0]) =>
        database.transaction(use),
    });
  },
  Knex: (url: string) => {
    const knex = createKnex({ client: "pg", connection: url });
    return opened({
      handle: knex,
      close: () => knex.destroy(),
      transaction: (use: UseTransaction<createKnex.Knex.Transaction>) => knex.transaction(use),
    });
  },
  Kysely: (url: string) => {
    const kysely = new Kysely<object>({ dialect: new PostgresDialect({ pool: openPool(url) }) });
    const begin = kysely.transaction();
    return opened({
      handle: kysely,
      close: () => kysely.destroy(),
      transaction: (use: Parameters<typeof begin.execute<void>>[0]) => begin.execute(use),
    });
  },
  "pg-promise": (url: string) => {
    const database = pgPromise(url);
    return opened({
      handle: database,
      close: () => database.$pool.end(),
      transaction: (use: UseTransaction<createPgPromise.ITask<object>>) => database.tx(use),
    });
  },
  Sequelize: (url: string) => {
    const options = { dialect: "postgres", dialectModule: pg, logging: false } as const;
    const sequelize = new Sequelize(url, options);
    return opened({
      handle: sequelize,
      close: () => sequelize.close(),
      transaction: (use: Parameters<typeof sequelize.transaction<void>>[0]) =>
        sequelize.transaction(use),
    });
  },
  TypeORM: async (url: string) => {
    const source = new DataSource({ type: "postgres", url, driver: pg });
    await source.initialize();
    return opened({
      handle: source,
      close: () => source.destroy(),
      transaction: (use: UseTransaction<DataSource["manager"]>) => source.transaction(use),
    });
  },
};

/** A database of PGlite's, which has no server. */
export async function openPglite() {
  const database = await PGlite.create();
  return opened({
    handle: database,
    close: () => database.close(),
    transaction: (use: Parameters<typeof database.transaction<void>>[0]) =>
      database.transaction(use),
  });
}
