import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { loadConfig } from "@tasker-observability/config";
import { createTestDatabase, spawnNode, type TestDatabase } from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { deploy, example, examples, programs, readUnit, startUnit, toNode } from "./deployment.js";

/** What PM2 reads of an application. */
interface PmApp {
  readonly script: string;
  readonly args: string;
  readonly env: Readonly<Record<string, string>>;
  readonly kill_timeout: number;
}

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase({ pgmq: true })));
afterAll(() => database.drop());

describe("the examples of deployment", () => {
  const config = loadConfig({
    path: join(examples, "worker.toml"),
    env: { DATABASE_URL: "postgres://localhost/orders" },
  });
  const { apps } = JSON.parse(example("ecosystem.config.json")) as {
    readonly apps: readonly [PmApp];
  };
  const unit = readUnit(example("orders-worker.service"));
  const docker = example("Dockerfile");
  const kubernetes = example("kubernetes.yaml");
  const probes = [
    ...`${docker}\n${kubernetes}`.matchAll(/^(?:HEALTHCHECK .* CMD|\s+command:)\s+(\[[^\]]*\])$/gm),
  ].map(([, command = ""]) => parse(command) as string[]);

  it("configure keys that exist", () => {
    expect(config.unused_keys).toEqual([]);
  });

  it("wait longer for the worker to stop than it drains", () => {
    const { drain_timeout_ms } = config.settings.worker.shutdown;
    const grace = Number(/terminationGracePeriodSeconds: (\d+)/.exec(kubernetes)?.[1]);
    expect(
      Math.min(Number(unit.TimeoutStopSec) * 1_000, apps[0].kill_timeout, grace * 1_000),
    ).toBeGreaterThan(drain_timeout_ms);
  });

  it("start the worker by one command line", () => {
    const command = JSON.parse(/^CMD (\[.*\])$/m.exec(docker)?.[1] ?? "null") as string[];
    expect(toNode(command)).toEqual(toNode(unit.ExecStart!.split(" ")));
  });

  it("probe what their configuration serves: yes while it runs, nobody once it has stopped", async () => {
    expect(probes).toHaveLength(3);
    const { folder, placed } = await deploy();
    const worker = startUnit(unit, folder, { DATABASE_URL: database.url });
    await worker.waitForLine(/^ready$/, 30_000);
    const codes = async (): Promise<(number | null)[]> =>
      Promise.all(
        probes.map(
          async (command) =>
            (await spawnNode(toNode(placed(command)), { cwd: folder }).exited).code,
        ),
      );
    expect(await codes()).toEqual([0, 0, 0]);
    worker.kill("SIGTERM");
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    // Docker reads 0 and 1 and reserves 2; Kubernetes takes anything else for no.
    expect(await codes()).toEqual([1, 2, 2]);
  });

  it("notify PM2 when the worker is ready", async () => {
    const { folder } = await deploy();
    const [app] = apps;
    expect(app).toMatchObject({
      wait_ready: true,
      exec_mode: "fork",
      script: "node_modules/@tasker-observability/worker/bin/tasker-worker.js",
    });
    const child = fork(programs["tasker-worker"]!, app.args.split(" "), {
      cwd: folder,
      env: { ...process.env, DATABASE_URL: database.url, ...app.env },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    expect(await once(child, "message")).toEqual(["ready", undefined]);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
