import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createStepProducer } from "@tasker-observability/producer";
import {
  createTestDatabase,
  spawnNode,
  type TestDatabase,
  waitFor,
} from "@tasker-observability/testkit";
import pg from "pg";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";

const command = fileURLToPath(new URL("../packages/worker/bin/tasker-worker.js", import.meta.url));
const run = promisify(execFile);

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "init-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const init = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, [command, "init", ...args], { cwd: folder })).stdout;

function startIn({ url }: TestDatabase) {
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: url,
    TASKER_WEB_BIND_ADDRESS: "127.0.0.1:0",
  };
  return spawnNode([command, "start"], { cwd: folder, env });
}

const written = [
  "config/tasker/base/common.toml",
  "config/tasker/base/worker.toml",
  "config/tasks/orders/fulfill.yaml",
  "handlers.mjs",
  "handlers.test.mjs",
  "Dockerfile",
  ".dockerignore",
];

it("writes a folder whose worker runs a step at once, and whose test passes", async () => {
  expect((await init()).split("\n").slice(0, written.length)).toEqual(
    written.map((path) => `wrote ${path}`),
  );
  await run(process.execPath, ["--test"], { cwd: folder });
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url });
  const worker = startIn(database);
  onTestFinished(async () => {
    worker.kill();
    await worker.exited;
    await pool.end();
    await database.drop();
  });
  await worker.waitForLine(/^ready$/);
  await createStepProducer({ database: pool }).enqueue({
    template: { namespace: "orders", name: "fulfill", version: "1.0.0" },
    stepName: "ship",
    input: { order_id: 17 },
  });
  await worker.waitForLine(/^shipped order 17, attempt 1$/);
  expect(worker.stderr.text()).not.toMatch(/"level":"(warn|error)"/);
});

it("overwrites nothing, names existing files, and writes the rest", async () => {
  await writeFile(join(folder, "handlers.mjs"), "// mine\n");
  await mkdir(join(folder, "Dockerfile"));
  const printed = await init();
  expect(printed).toContain("kept handlers.mjs: it was there already\n");
  expect(printed).toContain("kept Dockerfile: it was there already\n");
  expect(printed).toContain("wrote config/tasks/orders/fulfill.yaml\n");
  expect(await readFile(join(folder, "handlers.mjs"), "utf8")).toBe("// mine\n");
  expect((await init()).split("\n").slice(0, written.length)).toEqual(
    written.map((path) => `kept ${path}: it was there already`),
  );
});

it("accepts no arguments, and says which file it cannot write", async () => {
  await expect(init("here")).rejects.toMatchObject({
    code: 64,
    stderr: "It takes no arguments. See tasker-worker init --help.\n",
  });
  expect(await init("--help")).toContain("asks nothing");
  await writeFile(join(folder, "config"), "");
  await expect(init()).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^config\/tasker\/base\/common\.toml cannot be written \(E\w+\)\.\n$/,
    ),
  });
});

it("a worker in a folder without any file starts with defaults, and is not ready", async () => {
  const database = await createTestDatabase();
  const worker = startIn(database);
  onTestFinished(async () => {
    worker.kill();
    await worker.exited;
    await database.drop();
  });
  const address = await worker.waitForLine(/^http.*\/health\/ready$/);
  await worker.waitForLine(
    /"level":"warn","message":"config\/tasker does not exist: the defaults apply/,
  );
  await waitFor(async () => (await (await fetch(address)).text()).includes("no_namespaces"), {
    what: "readiness to name what is missing",
  });
  const answer = await fetch(address);
  expect([answer.status, await answer.text()]).toEqual([
    503,
    expect.stringContaining("no_namespaces"),
  ]);
});

it("a worker prints its addresses as soon as they answer, before its database is there", async () => {
  await init();
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: "postgres://127.0.0.1:1/nobody",
    TASKER_WEB_BIND_ADDRESS: "127.0.0.1:0",
  };
  const worker = spawnNode([command, "start"], { cwd: folder, env });
  onTestFinished(async () => {
    worker.kill();
    await worker.exited;
  });
  const address = await worker.waitForLine(/^http.*\/health\/live$/);
  expect((await fetch(address)).status).toBe(200);
  expect((await fetch(address.replace("live", "ready"))).status).toBe(503);
});
