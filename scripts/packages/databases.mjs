import pg from "pg";
import { startEmbeddedPostgres } from "../../packages/dev-postgres/dist/index.js";
import { installPgmq } from "../../packages/pgmq/dist/install/index.js";

/** A real server for the examples, to be stopped before their eyes. */
export async function startDatabases() {
  const server = await startEmbeddedPostgres();
  const urlOf = (name) => Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
  return {
    stop: () => server.stop(),
    /** An empty database. @returns its URL. */
    async createEmpty(name) {
      await withClient(server.url, (client) => client.query(`create database "${name}"`));
      return urlOf(name);
    },
    /** A database of an example's own, with PGMQ, and two messages on `orders_queue`. @returns its URL. */
    async create(name) {
      await this.createEmpty(name);
      await withClient(urlOf(name), async (client) => {
        await installPgmq(client);
        await client.query(
          "select pgmq.create('orders_queue'), pgmq.send('orders_queue', '{}'), pgmq.send('orders_queue', '{}')",
        );
      });
      return urlOf(name);
    },
  };
}

/** Runs one statement. @returns its rows. */
export async function query(url, text) {
  const { rows } = await withClient(url, (client) => client.query(text));
  return rows;
}

async function withClient(connectionString, use) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
