import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  bundleForNode,
  createTestDatabase,
  spawnNode,
  withClient,
  withOptionTables,
} from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { pgmqQueuesOptionsSchema } from "./pgmq-queues.js";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));

it("the README's example prints what the README says", async () => {
  const readme = await readFile(`${packageFolder}README.md`, "utf8");
  const example = /```js\n(.*?)```/s.exec(readme)?.[1];
  const printed = /```text\n(.*?)```/s.exec(readme)?.[1];
  const database = await createTestDatabase({ pgmq: true });
  await withClient(database.url, (client) =>
    client.query(
      "select pgmq.create('orders_queue'), pgmq.send('orders_queue', '{}'), pgmq.send('orders_queue', '{}')",
    ),
  );
  const bundle = await bundleForNode(example!, packageFolder);
  const child = spawnNode([bundle.file], { env: { ...process.env, DATABASE_URL: database.url } });
  await child.exited;
  await bundle.remove();
  await database.drop();
  expect(child.stdout.text() + child.stderr.text()).toBe(printed);
});

it("the README shows the options that the schema has (npm run generate writes the table)", async () => {
  const readme = await readFile(`${packageFolder}README.md`, "utf8");
  const sources = [new URL("./pgmq-queues.ts", import.meta.url)];
  const tables = { createPgmqQueues: { schema: pgmqQueuesOptionsSchema, sources } };
  await expect(withOptionTables(readme, tables)).toMatchFileSnapshot("../README.md");
});
