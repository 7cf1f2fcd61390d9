import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnNode } from "@tasker-observability/testkit";
import { build } from "tsup";
import { afterAll, beforeAll, expect, it } from "vitest";

const worker = fileURLToPath(new URL("../packages/worker", import.meta.url));

/** The package as it is built, beside the one that others may be using. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(worker, "node_modules", ".build-"));
  const { default: config } = (await import(join(worker, "tsup.config.ts"))) as { default: object };
  const entry = { "embedded-postgres/index": join(worker, "src/embedded-postgres/index.ts") };
  await build({
    ...config,
    entry,
    outDir: join(folder, "dist"),
    dts: false,
    silent: true,
    config: false,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const program = (imports: string): string => `${imports}
(async () => {
  const server = await startEmbeddedPostgres();
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  console.log(JSON.stringify(await installPgmq(client)));
  await client.end();
  await server.stop();
})();
`;

it.each([
  [
    "ESM",
    "program.mjs",
    `import { startEmbeddedPostgres, installPgmq } from "./dist/embedded-postgres/index.js"; import pg from "pg";`,
  ],
  [
    "CommonJS",
    "program.cjs",
    `const { startEmbeddedPostgres, installPgmq } = require("./dist/embedded-postgres/index.cjs"); const pg = require("pg");`,
  ],
])("the built %s starts a server and finds PGMQ's script", async (_format, name, imports) => {
  await writeFile(join(folder, name), program(imports));
  const child = spawnNode([join(folder, name)]);
  expect(await child.exited, child.stderr.text()).toEqual({ code: 0, signal: null });
  expect(child.stdout.lines).toEqual(['{"installed":true,"how":"script"}']);
});
