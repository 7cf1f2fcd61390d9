import { createRequire } from "node:module";
import { startEmbeddedPostgres } from "../../packages/dev-postgres/dist/index.js";
import { installPgmq } from "../../packages/pgmq/dist/install/index.js";

const pg = createRequire(new URL("../package.json", import.meta.url))("pg");

/**
 * A PostgreSQL server of the bench's own with one PGMQ queue per namespace, three messages in each.
 *
 * @param {number} count how many namespaces.
 * @returns {Promise<{ pool: import("pg").Pool, namespaces: string[], statements: () => number, stop: () => Promise<void> }>}
 *   `statements` counts what was sent over the pool since it was last called.
 */
export async function startPgmqDatabase(count) {
  const server = await startEmbeddedPostgres();
  const pool = new pg.Pool({ connectionString: server.url, max: 10 });
  const namespaces = Array.from({ length: count }, (_, index) => `namespace_${index}`);
  const client = await pool.connect();
  await installPgmq(client);
  for (const namespace of namespaces) {
    await client.query("select pgmq.create($1)", [`${namespace}_queue`]);
    await client.query("select pgmq.send_batch($1, array['{}', '{}', '{}']::jsonb[])", [
      `${namespace}_queue`,
    ]);
  }
  await client.query("analyze");
  client.release();
  const statements = countStatements(pool);
  return {
    pool,
    namespaces,
    statements,
    stop: async () => {
      await pool.end();
      await server.stop();
    },
  };
}

/** Every way of pg's to send a statement ends in its client's `query`. */
function countStatements(pool) {
  let count = 0;
  const send = pg.Client.prototype.query;
  pg.Client.prototype.query = function query(...args) {
    if (this.host !== undefined) count += 1;
    return send.apply(this, args);
  };
  pool.on("error", () => undefined);
  return () => {
    const counted = count;
    count = 0;
    return counted;
  };
}
