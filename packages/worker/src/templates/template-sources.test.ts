import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inProcess, invoke } from "@tasker-observability/core";
import {
  createPostgresSource,
  createYamlFolderSource,
  type TemplateSource,
} from "@tasker-observability/templates";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  createWorkerHarness,
  eventually,
  type LogLine,
  stepNamed,
  type WorkerHarness,
} from "../testing/worker-harness.js";

const registry = `
create schema tasker;
create table tasker.task_namespaces (task_namespace_uuid uuid primary key default gen_random_uuid(), name varchar(64) not null, description varchar(255), created_at timestamp default now(), updated_at timestamp default now());
create table tasker.named_tasks (
  named_task_uuid uuid primary key default gen_random_uuid(), task_namespace_uuid uuid not null references tasker.task_namespaces, name varchar(64) not null,
  description varchar(255), version varchar(16) not null, configuration jsonb, created_at timestamp default now(), updated_at timestamp default now());
insert into tasker.task_namespaces (name) values ('payments');
insert into tasker.named_tasks (task_namespace_uuid, name, version, configuration)
  select task_namespace_uuid, 'refund', '1.0.0', '{"steps": [{"name": "plain", "handler": {"callable": "Test", "initialization": {"from": "the registry"}}}]}' from tasker.task_namespaces;`;

let harness: WorkerHarness;
let pool: pg.Pool;
beforeAll(async () => {
  harness = await createWorkerHarness();
  pool = new pg.Pool({ connectionString: harness.database.url, max: 1 });
  await pool.query(registry);
});
afterAll(async () => {
  await pool.end();
  await harness.close();
});

const isOfNewNamespace = ({ message }: LogLine): boolean =>
  message.startsWith("templates of a new namespace");

/** A worker that serves whatever namespaces the source has, and what its handler was initialized with, step by step. */
async function serveFrom(templates: TemplateSource) {
  const seen: unknown[] = [];
  const { worker } = await harness.start({
    templates,
    worker: { namespaces: [] },
    handlers: { Test: async (_input, { initialization }) => void seen.push(initialization) },
  });
  return { worker, seen };
}

describe("a worker's templates", () => {
  it("can come from Tasker's registry, its namespaces with them", async () => {
    const { worker, seen } = await serveFrom(createPostgresSource({ client: pool }));
    expect(worker.context.identity.namespaces).toEqual(["payments"]);
    await worker.enqueue(stepNamed("plain"));
    await eventually("the run", () => seen.length === 1);
    expect(seen).toEqual([{ from: "the registry" }]);
  });

  it("are those of the watched folder's current content", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "watched-"));
    onTestFinished(() => rm(cwd, { recursive: true }));
    const write = (from: string): Promise<void> =>
      writeFile(
        join(cwd, "refund.yaml"),
        `name: refund\nnamespace_name: payments\nversion: 1.0.0\nsteps: [{ name: plain, handler: { callable: Test, initialization: { from: ${from} } } }]\n`,
      );
    await write("before");
    const source = createYamlFolderSource({ patterns: "*.yaml", cwd, watchIntervalMs: 100 });
    onTestFinished(() => source.close());
    const { worker, seen } = await serveFrom(source);
    await worker.enqueue(stepNamed("plain"));
    await eventually("the first run", () => seen.length === 1);
    await write("afterwards");
    await eventually("a run by the new template", async () => {
      await worker.enqueue(stepNamed("plain"));
      return JSON.stringify(seen).includes("afterwards");
    });
    expect(seen[0]).toEqual({ from: "before" });
  });

  it("are watched when the configuration says so: a change is served, and of a new namespace the log says once that it takes a restart", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "watched-"));
    onTestFinished(() => rm(cwd, { recursive: true }));
    const write = (namespace: string, step: string): Promise<void> =>
      writeFile(
        join(cwd, `${namespace}.yaml`),
        `name: refund\nnamespace_name: ${namespace}\nversion: 1.0.0\nsteps: [{ name: ${step}, handler: { callable: Test } }]\n`,
      );
    await write("payments", "before");
    const { worker, log } = await harness.start({
      templates: join(cwd, "*.yaml"),
      worker: { namespaces: [], templates: { watch_interval_seconds: 1 } },
      handlers: { Test: async () => null },
    });
    await Promise.all([
      write("payments", "afterwards"),
      write("orders", "a"),
      write("billing", "a"),
    ]);
    const stepsNow = async (): Promise<string> =>
      JSON.stringify(
        await invoke(
          worker.operations.template_get!,
          { namespace: "payments", name: "refund", version: "1.0.0" },
          inProcess,
        ),
      );
    await eventually("the change", async () => (await stepsNow()).includes("afterwards"));
    await eventually(
      "the word of both namespaces",
      () => log.filter(isOfNewNamespace).flatMap(({ fields }) => fields.namespaces).length === 2,
    );
    expect(log.find(isOfNewNamespace)).toMatchObject({
      level: "warn",
      message: expect.stringContaining("restart"),
    });
    expect(log.some(({ message }) => message.includes("not registered"))).toBe(false);
  });

  it("that name unregistered handlers are logged in one line at the start, and change nothing else", async () => {
    const names = ["A", "B", "C", "D", "E", "F", "x".repeat(300)];
    const cwd = await mkdtemp(join(tmpdir(), "handlers-"));
    onTestFinished(() => rm(cwd, { recursive: true }));
    const steps = names.map((name, index) => `{ name: s${index}, handler: { callable: ${name} } }`);
    await writeFile(
      join(cwd, "refund.yaml"),
      `name: refund\nnamespace_name: payments\nversion: 1.0.0\nsteps: [${steps.join(", ")}]\n`,
    );
    const { log, worker } = await harness.start({
      templates: join(cwd, "*.yaml"),
      handlers: { A: async () => null },
    });
    const lines = () => log.filter(({ message }) => message.includes("not registered"));
    await eventually("the line", () => lines().length > 0);
    expect(lines()).toMatchObject([
      { level: "warn", fields: { count: 6, handlers: ["B", "C", "D", "E", "F"] } },
    ]);
    expect(worker.context.lifecycle.current()).toBe("running");
  });
});
