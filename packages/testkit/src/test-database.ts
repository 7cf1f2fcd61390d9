import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { inject } from "vitest";
import type {} from "./global-setup.js";
import { pgmqTemplate, urlOfDatabase, withClient } from "./test-server.js";

/** A database of one test file's own. */
export interface TestDatabase {
  /** The superuser's URL. */
  readonly url: string;
  readonly name: string;
  /** Drops it, connections and all. May be called again. */
  drop(): Promise<void>;
}

/**
 * Makes a database on the run's shared server: empty, or with PGMQ installed.
 *
 * ```ts
 * const database = await createTestDatabase({ pgmq: true });
 * afterAll(() => database.drop());
 * ```
 *
 * @throws Error if the shared server does not start, or the run has no `globalSetup`.
 */
export async function createTestDatabase(
  options: { readonly pgmq?: boolean | undefined } = {},
): Promise<TestDatabase> {
  const server = await sharedServerUrl();
  const name = `test_${randomBytes(6).toString("hex")}`;
  const template = options.pgmq === true ? pgmqTemplate : "template0";
  await withClient(server, (client) =>
    client.query(`create database ${name} template ${template}`),
  );
  return {
    name,
    url: urlOfDatabase(server, name),
    drop: () =>
      withClient(server, async (client) => {
        await client.query(waitForDisconnects(name));
        await client.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

/**
 * `pool.end()` resolves before its sockets are closed, and a backend that is terminated then makes an error of it that
 * no listener expects. What stays connected on purpose is terminated after a second.
 */
function waitForDisconnects(name: string): string {
  return `do $$ begin
    for attempt in 1..40 loop
      exit when not exists (select from pg_stat_activity where datname = '${name}');
      perform pg_sleep(0.025);
      perform pg_stat_clear_snapshot();
    end loop;
  end $$`;
}

/** The superuser's URL of the run's shared server, which starts when it is first asked for. */
export async function sharedServerUrl(): Promise<string> {
  const path = inject("testServerSocket") as string | undefined;
  if (path === undefined)
    throw new Error(
      "No shared PostgreSQL server: vitest.config.ts must name packages/testkit/src/global-setup.ts as globalSetup.",
    );
  const answer = JSON.parse(await text(connect(path))) as { url: string } | { error: string };
  if ("error" in answer) throw new Error(answer.error);
  return answer.url;
}
