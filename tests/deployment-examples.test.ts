import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { loadConfig } from "@tasker-observability/config";
import { createStepProducer } from "@tasker-observability/producer";
import {
  createTestDatabase,
  spawnNode,
  type TestDatabase,
  waitFor,
} from "@tasker-observability/testkit";
import pg from "pg";
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
  const withoutPort = example("kubernetes-without-port.yaml");
  const compose = parse(example("compose.yaml")) as {
    readonly services: { readonly worker: { readonly stop_grace_period: string } };
  };
  const probes = [
    ...`${docker}\n${withoutPort}`.matchAll(
      /^(?:HEALTHCHECK .* CMD|\s+command:)\s+(\[[^\]]*\])$/gm,
    ),
  ].map(([, command = ""]) => parse(command) as string[]);

  it("configure keys that exist", () => {
    expect(config.unused_keys).toEqual([]);
  });

  it("wait longer for the worker to stop than it drains", () => {
    const { drain_timeout_ms } = config.settings.worker.shutdown;
    const graceSeconds = [
      unit.TimeoutStopSec,
      ...[kubernetes, withoutPort].map(
        (text) => /terminationGracePeriodSeconds: (\d+)/.exec(text)?.[1],
      ),
      /^(\d+)s$/.exec(compose.services.worker.stop_grace_period)?.[1],
    ].map(Number);
    expect(graceSeconds).toHaveLength(4);
    for (const graceMs of [apps[0].kill_timeout, ...graceSeconds.map((one) => one * 1_000)])
      expect(graceMs).toBeGreaterThan(drain_timeout_ms);
  });

  it("start the worker by one command line", () => {
    const command = JSON.parse(/^CMD (\[.*\])$/m.exec(docker)?.[1] ?? "null") as string[];
    expect(toNode(command)).toEqual(toNode(unit.ExecStart!.split(" ")));
  });

  it("probe what their configuration serves: yes while it runs, nobody once it has stopped", async () => {
    expect(probes).toHaveLength(4);
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
    expect(await codes()).toEqual([0, 0, 0, 0]);
    worker.kill("SIGTERM");
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    // Docker reads 0 and 1 and reserves 2; Kubernetes takes anything else for no.
    expect(await codes()).toEqual([1, 2, 2, 2]);
  });

  it("run the template's step, and answer on the port the probes of Kubernetes and the query of KEDA", async () => {
    const { folder } = await deploy();
    const worker = startUnit(unit, folder, {
      DATABASE_URL: database.url,
      TASKER_WEB_ENABLED: "true",
      TASKER_WEB_BIND_ADDRESS: "127.0.0.1:0",
    });
    const live = await worker.waitForLine(/^http.*\/health\/live$/);
    await worker.waitForLine(/^ready$/, 30_000);
    const paths = [...kubernetes.matchAll(/httpGet: \{ path: ([\w/]+), port: http \}/g)];
    expect(paths.map(([, path]) => path)).toEqual([
      "/health/live",
      "/health/live",
      "/health/ready",
    ]);
    for (const [, path = ""] of paths) expect((await fetch(new URL(path, live))).status).toBe(200);
    const pool = new pg.Pool({ connectionString: database.url });
    onTestFinished(() => pool.end());
    await createStepProducer({ database: pool }).enqueue({
      template: { namespace: "orders", name: "fulfill", version: "1.0.0" },
      stepName: "ship",
      input: { order_id: 17 },
    });
    const scrape = async (): Promise<string> => (await fetch(new URL("/metrics", live))).text();
    const completed = /^tasker_worker_steps_total\{.*step="ship".*outcome="completed".*\} 1$/m;
    await waitFor(async () => completed.test(await scrape()), { what: "the step of the template" });
    const [, age = ""] = /query: max\((\w+)\{/.exec(example("scaled-object.yaml")) ?? [];
    expect(await scrape()).toMatch(new RegExp(`^${age}\\{namespace="orders"\\} \\d`, "m"));
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
