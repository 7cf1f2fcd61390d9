import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnNode } from "@tasker-observability/testkit";
import { build } from "tsup";
import { afterAll, beforeAll, expect, it } from "vitest";

const packages = fileURLToPath(new URL("../packages", import.meta.url));

/** A package as it is built, in a folder of its own, beside the build that others may be using. */
async function buildPackage(name: string): Promise<string> {
  const folder = await mkdtemp(join(packages, name, "node_modules", ".build-"));
  const { default: config } = (await import(join(packages, name, "tsup.config.ts"))) as {
    default: { readonly entry: Readonly<Record<string, string>> };
  };
  const entry = Object.fromEntries(
    Object.entries(config.entry).map(([output, file]) => [output, join(packages, name, file)]),
  );
  await build({
    ...config,
    entry,
    outDir: join(folder, "dist"),
    dts: false,
    silent: true,
    config: false,
  });
  return folder;
}

let server: string;
let pgmq: string;
beforeAll(async () => {
  server = await buildPackage("dev-postgres");
  pgmq = await buildPackage("pgmq");
});
afterAll(() => Promise.all([server, pgmq].map((folder) => rm(folder, { recursive: true }))));

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
    (server: string) =>
      `import { startEmbeddedPostgres } from "${server}/dist/index.js"; import { installPgmq } from "./dist/install/index.js"; import pg from "pg";`,
  ],
  [
    "CommonJS",
    "program.cjs",
    (server: string) =>
      `const { startEmbeddedPostgres } = require("${server}/dist/index.cjs"); const { installPgmq } = require("./dist/install/index.cjs"); const pg = require("pg");`,
  ],
])("the built %s starts a server and finds PGMQ's script", async (_format, name, importsOf) => {
  await writeFile(join(pgmq, name), program(importsOf(server)));
  const child = spawnNode([join(pgmq, name)]);
  expect(await child.exited, child.stderr.text()).toEqual({ code: 0, signal: null });
  expect(child.stdout.lines).toEqual(['{"installed":true,"how":"script"}']);
});
