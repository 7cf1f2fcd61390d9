import { installPgmq } from "@tasker-observability/pgmq/install";
import { withClient } from "@tasker-observability/testkit";
import { onTestFinished } from "vitest";

/** The URL of a database of another encoding beside the one at `url`, with PGMQ; it is dropped when the test ends. */
export async function createEncodedDatabase(url: string, encoding: string): Promise<string> {
  const name = `encoded_${crypto.randomUUID().slice(0, 8)}`;
  const run = (text: string): Promise<unknown> => withClient(url, (client) => client.query(text));
  await run(
    `create database ${name} encoding '${encoding}' lc_collate 'C' lc_ctype 'C' template template0`,
  );
  onTestFinished(async () => {
    await run(`drop database ${name} with (force)`);
  });
  const created = Object.assign(new URL(url), { pathname: name }).href;
  await withClient(created, installPgmq);
  return created;
}
