import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createTestDatabase,
  killGroup,
  runInPty,
  type SpawnedProcess,
  waitFor,
} from "@tasker-observability/testkit";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { environment, npmCli, npmStart, root } from "./npm-process.js";
import { descendantsOf, embeddedFolders, runningOf } from "./processes.js";

const startMs = 30_000;

describe("npm start", () => {
  it("prints its URLs and ready, runs sample steps, and drains to exit 0 on SIGTERM to npm", async () => {
    const npm = npmStart();
    await npm.waitForLine(/^ready$/, startMs);
    const url = await baseUrl(npm);
    expect(npm.stdout.lines.filter((line) => line.startsWith("http"))).toEqual(
      expect.arrayContaining(
        ["/health", "/health/live", "/health/ready", "/health/detailed"].map((path) => url + path),
      ),
    );
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    await waitFor(async () => /^[1-9]\d* of|of [1-9]\d* steps/.test(await stepMessage(url)), {
      what: "sample steps to have run",
    });
    const family = descendantsOf(npm.pid);
    npm.kill("SIGTERM");
    expect(await npm.exited).toEqual({ code: 0, signal: null });
    expect(npm.stdout.lines.slice(-2)).toEqual(["SIGTERM: draining", "stopped"]);
    await nothingIsLeftOf(family);
  });

  it("opens a socket if the environment names one, and prints commands that ask it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "npm start's "));
    const npm = npmStart({ TASKER_OBSERVABILITY_SOCKET: join(folder, "worker.sock") });
    await npm.waitForLine(/^ready$/, startMs);
    const command = await npm.waitForLine(/python3 -c/);
    expect(execFileSync("/bin/sh", ["-c", command], { cwd: root, encoding: "utf8" })).toBe(
      "True\n",
    );
    npm.kill();
    expect((await npm.exited).code).toBe(0);
    await rm(folder, { recursive: true });
  });

  it("does not install or build a second time", async () => {
    const npm = npmStart();
    await npm.waitForLine(/^ready$/, startMs);
    expect(npm.stdout.text()).not.toMatch(/Installing|Building/);
    npm.kill();
    await npm.exited;
  });

  it("drains to exit 0 when the whole process group gets SIGTERM", async () => {
    const npm = npmStart();
    await npm.waitForLine(/^ready$/, startMs);
    const family = descendantsOf(npm.pid);
    killGroup(npm, "SIGTERM");
    expect(await npm.exited).toEqual({ code: 0, signal: null });
    expect(npm.stdout.lines.at(-1)).toBe("stopped");
    await nothingIsLeftOf(family);
  });

  it("drains on Ctrl-C in a terminal, with its database up to the end", async () => {
    const terminal = runInPty(process.execPath, [npmCli(), "start"], {
      cwd: root,
      env: environment(),
    });
    await terminal.waitForLine(/^ready$/, startMs);
    const family = descendantsOf(terminal.pid);
    terminal.ctrlC();
    expect(await terminal.exited).toEqual({ code: 0, signal: 0 });
    expect(terminal.output.text()).toMatch(/SIGINT: draining\s+stopped/);
    expect(terminal.output.text()).not.toMatch(/ (warn|error) /);
    await nothingIsLeftOf(family);
  });

  it("leaves no database behind when the worker is killed", async () => {
    const npm = npmStart();
    await npm.waitForLine(/^ready$/, startMs);
    const family = descendantsOf(npm.pid);
    const folders = embeddedFolders(family);
    expect(folders).toHaveLength(1);
    killGroup(npm, "SIGKILL");
    await npm.exited;
    await nothingIsLeftOf(family);
    await waitFor(() => folders.every((folder) => !existsSync(folder)), {
      what: "the database's folder to be removed",
    });
  });

  it("ends with one clear line and exit code 1 where the port is in use", async () => {
    const taken = await occupyPort();
    const npm = npmStart({ TASKER_WEB_BIND_ADDRESS: `127.0.0.1:${taken.port}` });
    expect(await npm.exited).toEqual({ code: 1, signal: null });
    expect(npm.stderr.lines.filter((line) => !line.startsWith("npm "))).toEqual([
      `Cannot listen on 127.0.0.1:${taken.port}: the port is in use. Stop the process that uses it, or set TASKER_WEB_BIND_ADDRESS to another host:port.`,
    ]);
    taken.server.close();
  });

  it.each([
    [
      "TASKER_SAMPLE_STEPS_PER_SECOND",
      "abc",
      /TASKER_SAMPLE_STEPS_PER_SECOND must be a number from 0 to 1000\.$/,
    ],
    [
      "TASKER_SAMPLE_STEPS_PER_SECOND",
      "-1",
      /TASKER_SAMPLE_STEPS_PER_SECOND must be a number from 0 to 1000\.$/,
    ],
    [
      "TASKER_WEB_BIND_ADDRESS",
      "192.0.2.1:9123",
      /^Cannot listen on 192\.0\.2\.1:9123: this machine has no such address\. Set TASKER_WEB_BIND_ADDRESS to another host:port\.$/,
    ],
  ])("ends with one clear line and exit code 1 where %s is %s", async (name, value, line) => {
    const npm = npmStart({ [name]: value });
    expect(await npm.exited).toEqual({ code: 1, signal: null });
    // An address that others could reach is warned of, whether it can be had or not.
    const said = npm.stderr.lines.filter((each) => !/^npm |"level":"warn"/.test(each));
    expect(said).toEqual([expect.stringMatching(line)]);
    expect(npm.stdout.lines.filter((each) => each.startsWith("http"))).toEqual([]);
  });

  it("repeats PostgreSQL's message if its database cannot be created, without a stack", async () => {
    const worker =
      "exec node packages/worker/bin/tasker-worker.js --handlers examples/sample-worker/handlers.mjs";
    const terminal = runInPty("/bin/sh", ["-c", `ulimit -f 8; ${worker}`], {
      cwd: root,
      env: environment(),
    });
    expect(await terminal.exited).toEqual({ code: 1, signal: 0 });
    expect(terminal.output.text()).toMatch(
      /^(?:http\S+\s+)*The embedded PostgreSQL did not start: [^]*File size limit exceeded[^]*or use your own PostgreSQL server\.\s+To use your own server, set common\.database\.url \(DATABASE_URL\)\.\s*$/,
    );
  });

  it("uses the server of DATABASE_URL and installs PGMQ there", async () => {
    const database = await createTestDatabase();
    const npm = npmStart({ DATABASE_URL: database.url });
    await npm.waitForLine(/^ready$/, startMs);
    expect(embeddedFolders(descendantsOf(npm.pid))).toEqual([]);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await waitFor(
      async () =>
        Number((await client.query("select count(*) from pgmq.a_orders_queue")).rows[0].count) > 0,
      { what: "a step to be archived" },
    );
    await client.end();
    npm.kill();
    expect((await npm.exited).code).toBe(0);
    await database.drop();
  });

  it("says clearly that its role may not install PGMQ, and exits 1", async () => {
    const database = await createTestDatabase();
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`create role plain_${database.name} login password 'plain'`);
    const npm = npmStart({ DATABASE_URL: asRole(database.url, `plain_${database.name}`, "plain") });
    expect((await npm.exited).code).toBe(1);
    expect(npm.stderr.text()).toMatch(/lacks the right to install it.*GRANT CREATE ON DATABASE/s);
    await admin.query(`drop role plain_${database.name}`);
    await admin.end();
    await database.drop();
  });

  it("says clearly that a password is wrong, without showing it", async () => {
    const database = await createTestDatabase();
    const npm = npmStart({
      DATABASE_URL: asRole(database.url, "nobody_known", "hunter2-very-secret"),
    });
    expect((await npm.exited).code).toBe(1);
    expect(npm.stderr.text()).toMatch(/The database refused the worker: authentication_failed/);
    expect(npm.stderr.text() + npm.stdout.text()).not.toContain("hunter2");
    await database.drop();
  });

  it("puts no sample steps on its queues if TASKER_SAMPLE_STEPS_PER_SECOND is 0", async () => {
    const database = await createTestDatabase();
    const npm = npmStart({ DATABASE_URL: database.url, TASKER_SAMPLE_STEPS_PER_SECOND: "0" });
    await npm.waitForLine(/^ready$/, startMs);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query("select is_called from pgmq.q_orders_queue_msg_id_seq");
    expect(rows).toEqual([{ is_called: false }]);
    await client.end();
    npm.kill();
    await npm.exited;
    await database.drop();
  });
});

async function baseUrl(npm: SpawnedProcess): Promise<string> {
  return (await npm.waitForLine(/^http.*\/health$/)).slice(0, -"/health".length);
}

async function stepMessage(url: string): Promise<string> {
  const detailed = (await (await fetch(`${url}/health/detailed`)).json()) as {
    checks: { step_processing: { message: string } };
  };
  return detailed.checks.step_processing.message;
}

async function nothingIsLeftOf(family: readonly number[]): Promise<void> {
  await waitFor(() => runningOf(family).length === 0, {
    what: `processes ${family.join(", ")} to be gone`,
  });
}

async function occupyPort(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : 0 };
}

function asRole(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}
