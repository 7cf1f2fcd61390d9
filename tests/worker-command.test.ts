import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createTestDatabase,
  type ProcessExit,
  type SpawnedProcess,
  spawnNode,
  type TestDatabase,
  waitFor,
} from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const packages = join(dirname(dirname(fileURLToPath(import.meta.url))), "packages");
const command = join(packages, "worker/bin/tasker-worker.js");
const probe = join(packages, "cli/bin/tasker-observability.cjs");

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ pgmq: true });
  folder = await mkdtemp(join(tmpdir(), "command-"));
  await writeFile(
    join(folder, "refund.yaml"),
    "name: refund\nnamespace_name: payments\nversion: 1.0.0\nsteps:\n  - { name: plain, handler: { callable: Test } }\n",
  );
  await writeFile(
    join(folder, "tasker.toml"),
    '[common]\ndatabase.url = "${DATABASE_URL}"\ntask_templates.search_paths = ["*.yaml"]\n[worker]\nweb.enabled = false\nbridge.socket_path = "worker.sock"\n',
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await database.drop();
});

async function start(
  handlers: string,
  variables: NodeJS.ProcessEnv = { TASKER_CONFIG_PATH: "tasker.toml" },
): Promise<SpawnedProcess> {
  await writeFile(join(folder, "handlers.mjs"), handlers);
  const env = { PATH: process.env.PATH, DATABASE_URL: database.url, ...variables };
  return spawnNode([command, "--handlers", "handlers.mjs"], { cwd: folder, env });
}

const probeReady = (): Promise<ProcessExit> =>
  spawnNode([probe, "probe", "ready", "--socket", join(folder, "worker.sock")]).exited;

describe("tasker-worker", () => {
  it("cuts its drain short at a second signal: a step that never ends cannot delay it", async () => {
    const worker = await start(`
      const step = { template: { namespace: "payments", name: "refund", version: "1.0.0" }, stepName: "plain" };
      export const handlers = { Test: () => new Promise(() => console.log("running")) };
      export const started = (worker) => void worker.enqueue(step);
    `);
    await worker.waitForLine(/^running$/);
    worker.kill("SIGINT");
    await worker.waitForLine(/^SIGINT: draining$/);
    let hasExited = false;
    void worker.exited.then(() => (hasExited = true));
    await waitFor(() => (worker.kill("SIGINT"), hasExited), { what: "the exit" });
    expect(await worker.exited).toEqual({ code: 1, signal: null });
    expect(worker.stderr.text()).not.toContain("before its worker has stopped");
  });

  describe("stopped before it is ready, exits 0, says `stopped` and logs no error", () => {
    async function expectStopped(worker: SpawnedProcess): Promise<void> {
      expect(await worker.exited).toEqual({ code: 0, signal: null });
      expect(worker.stdout.lines.at(-1)).toBe("stopped");
      expect(worker.stdout.lines).not.toContain("ready");
      expect(worker.stderr.text()).not.toContain("before its worker has stopped");
    }

    it.each(["SIGTERM", "SIGINT"])("while nothing is loaded yet, by %s", async (signal) => {
      const preload = `process.on("newListener", function sendOnce(event) {
        if (event !== "${signal}") return;
        process.removeListener("newListener", sendOnce);
        setImmediate(() => process.kill(process.pid, "${signal}"));
      });`;
      await expectStopped(
        spawnNode(["--import", `data:text/javascript,${encodeURIComponent(preload)}`, command], {
          cwd: folder,
          env: {
            PATH: process.env.PATH,
            DATABASE_URL: database.url,
            TASKER_CONFIG_PATH: "tasker.toml",
          },
        }),
      );
    });

    it("while its handlers load, which take their time", async () => {
      const worker = await start(`
        console.log("loading");
        const stay = setInterval(() => undefined, 1_000);
        await new Promise(() => undefined);
        export const handlers = {};
      `);
      await worker.waitForLine(/^loading$/);
      worker.kill("SIGTERM");
      await expectStopped(worker);
    });

    it("while it waits for its database", async () => {
      const worker = await start("export const handlers = {};", {
        TASKER_CONFIG_PATH: "tasker.toml",
        DATABASE_URL: "postgres://nobody@127.0.0.1:1/none",
      });
      await worker.waitForLine(/the database cannot be reached/);
      worker.kill("SIGTERM");
      await expectStopped(worker);
    });

    it("between listening and ready", async () => {
      const worker = await start(`
        export const handlers = {};
        export const started = () => process.kill(process.pid, "SIGTERM");
      `);
      await expectStopped(worker);
    });
  });

  it("says so and fails if loading its handlers never ends and nothing keeps the process alive", async () => {
    const worker = await start("await new Promise(() => undefined); export const handlers = {};");
    expect(await worker.exited).toEqual({ code: 1, signal: null });
    expect(worker.stderr.lines.at(-1)).toMatch(/before its worker has stopped/);
  });

  it.each([
    ["0", 1],
    ["7", 7],
  ])(
    "says so and fails if a handler calls process.exit(%s): its process manager must start it anew",
    async (given, code) => {
      const worker = await start(`
      const step = { template: { namespace: "payments", name: "refund", version: "1.0.0" }, stepName: "plain" };
      export const handlers = { Test: () => process.exit(${given}) };
      export const started = (worker) => void worker.enqueue(step);
    `);
      expect(await worker.exited).toEqual({ code, signal: null });
      expect(worker.stderr.lines.at(-1)).toMatch(
        new RegExp(
          `"level":"error","message":"the process is exiting before its worker has stopped: .*process\\.exit.*,"exit_code":${code}\\}$`,
        ),
      );
    },
  );

  it("closes what it had opened where `started` of its handlers fails, and says so in one line", async () => {
    const worker = await start(`
      export const handlers = { Test: async () => null };
      export const started = () => { throw new Error("The upstream has no address: set UPSTREAM."); };
    `);
    expect(await worker.exited).toEqual({ code: 1, signal: null });
    expect(worker.stderr.lines.at(-1)).toBe(
      "`started` of the handlers module failed: The upstream has no address: set UPSTREAM.",
    );
    expect(worker.stderr.lines.filter((line) => /^\s+at /.test(line))).toEqual([]);
    expect(await readdir(folder)).not.toContain("worker.sock");
  });

  it.each([
    ["from the start", null],
    ["once it is ready", /^ready$/],
  ])("works on and drains if nobody reads its output %s", async (_when, lastLine) => {
    const worker = await start(`
      export const handlers = {};
      export const started = () => void setInterval(() => process.stderr.write("a line for nobody\\n"), 10);
    `);
    if (lastLine !== null) await worker.waitForLine(lastLine);
    worker.closeOutputs();
    await waitFor(async () => (await probeReady()).code === 0, { what: "readiness on the socket" });
    worker.kill("SIGTERM");
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  });

  it("drops and counts log lines that a reader leaves unread, and continues when it reads again", async () => {
    // How much a pipe takes is the system's to say: it writes until 500 lines in a row have left the length of its queue as it was.
    const worker = await start(`
      import { writeFileSync } from "node:fs";
      export const handlers = {};
      export const started = ({ context }) => void process.stdin.once("data", () => {
        const { stderr } = process;
        let lines = 0;
        for (let dropped = 0; dropped < 500 && lines < 100_000; lines += 1) {
          const buffered = stderr.writableLength;
          context.logger("info", "flood", { text: "x".repeat(900) });
          dropped = buffered > 0 && stderr.writableLength === buffered ? dropped + 1 : 0;
        }
        writeFileSync(process.pid + ".flooded", JSON.stringify({ lines, buffered: stderr.writableLength }));
      });
    `);
    await worker.waitForLine(/^ready$/);
    worker.pauseReading();
    worker.write("now");
    const flooded = join(folder, `${worker.pid}.flooded`);
    await waitFor(() => existsSync(flooded), { what: "the flood" });
    worker.resumeReading();
    const last = await worker.waitForLine(/lines were dropped/);
    const { lines, buffered } = JSON.parse(await readFile(flooded, "utf8")) as Record<
      string,
      number
    >;
    const dropped = Number((JSON.parse(last) as { lines: unknown }).lines);
    const read = worker.stderr.lines.filter((line) => line.includes("flood"));
    expect(buffered).toBeLessThanOrEqual(1_048_576);
    expect(dropped).toBeGreaterThanOrEqual(500);
    expect(read.length + dropped).toBe(lines);
    worker.kill("SIGTERM");
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  });

  it("warns at its start about possible typos: an environment without files, a key close to another", async () => {
    await mkdir(join(folder, "config/base"), { recursive: true });
    await copyFile(join(folder, "tasker.toml"), join(folder, "config/base/worker.toml"));
    await writeFile(
      join(folder, "config/base/common.toml"),
      "[wroker]\nworker_id = 'w'\n[common.homemade]\na = 1\n",
    );
    const worker = await start("export const handlers = {};", {
      TASKER_CONFIG_ROOT: "config",
      TASKER_ENV: "prodcution",
    });
    await worker.waitForLine(/^ready$/);
    expect(worker.stderr.lines).toContainEqual(
      expect.stringMatching(
        /"level":"warn","message":"environments\/prodcution contains no files: only the base files apply/,
      ),
    );
    expect(worker.stderr.lines.filter((line) => line.includes("has no effect"))).toEqual([
      expect.stringMatching(
        /"level":"warn","message":"wroker has no effect\. Did you mean \\"worker\\"\?"\}$/,
      ),
    ]);
    worker.kill("SIGTERM");
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  });
});
