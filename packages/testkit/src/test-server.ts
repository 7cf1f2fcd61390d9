import { startEmbeddedPostgres } from "@tasker-observability/dev-postgres";
import { installPgmq } from "@tasker-observability/pgmq/install";
import pg from "pg";

/** The database that {@link createTestDatabase} copies where PGMQ is wanted. */
export const pgmqTemplate = "pgmq_template";

export interface TestServer {
  /** The superuser's URL, of the database `postgres`. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the server that all test files of a run share, with a template database that has PGMQ.
 *
 * @param existingUrl a superuser's URL of a server to use instead, as it is; it is not stopped.
 */
export async function startTestServer(existingUrl?: string): Promise<TestServer> {
  const server =
    existingUrl === undefined
      ? await startEmbeddedPostgres({ settings: { max_connections: "300" } })
      : { url: existingUrl, stop: async () => undefined };
  await makeTemplate(server.url);
  return { url: server.url, stop: () => server.stop() };
}

async function makeTemplate(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query(
      "select from pg_database where datname = $1 and datistemplate",
      [pgmqTemplate],
    );
    if (rowCount === 1) return;
    await client.query(`drop database if exists ${pgmqTemplate}`);
    await client.query(`create database ${pgmqTemplate}`);
    await withClient(urlOfDatabase(url, pgmqTemplate), installPgmq);
    await client.query(`alter database ${pgmqTemplate} with is_template true`);
  });
}

/** The same server and user, another database. */
export function urlOfDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

/** Connects, hands over the client, and disconnects in any case. */
export async function withClient<T>(
  url: string,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
