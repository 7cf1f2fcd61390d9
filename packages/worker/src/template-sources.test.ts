import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPostgresSource, createYamlFolderSource, type TemplateSource } from "@tasker-observability/templates";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createWorkerBench, eventually, stepNamed, type WorkerBench } from "./testing/test-worker.js";

const registry = `
create schema tasker;
create table tasker.task_namespaces (task_namespace_uuid uuid primary key default gen_random_uuid(), name varchar(64) not null, description varchar(255), created_at timestamp default now(), updated_at timestamp default now());
create table tasker.named_tasks (
  named_task_uuid uuid primary key default gen_random_uuid(), task_namespace_uuid uuid not null references tasker.task_namespaces, name varchar(64) not null,
  description varchar(255), version varchar(16) not null, configuration jsonb, created_at timestamp default now(), updated_at timestamp default now());
insert into tasker.task_namespaces (name) values ('payments');
insert into tasker.named_tasks (task_namespace_uuid, name, version, configuration)
  select task_namespace_uuid, 'refund', '1.0.0', '{"steps": [{"name": "plain", "handler": {"callable": "Test", "initialization": {"from": "the registry"}}}]}' from tasker.task_namespaces;`;

let bench: WorkerBench;
let pool: pg.Pool;
beforeAll(async () => {
  bench = await createWorkerBench();
  pool = new pg.Pool({ connectionString: bench.database.url, max: 1 });
  await pool.query(registry);
});
afterAll(async () => {
  await pool.end();
  await bench.close();
});

/** A worker that serves whatever namespaces the source has, and what its handler was initialised with, step by step. */
async function serveFrom(templateSource: TemplateSource) {
  const seen: unknown[] = [];
  const { worker } = await bench.start({ templateSource, worker: { namespaces: [] }, handlers: { Test: async (_input, { initialization }) => void seen.push(initialization) } });
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

  it("are those of a watched folder as it is now", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "watched-"));
    onTestFinished(() => rm(cwd, { recursive: true }));
    const write = (from: string): Promise<void> =>
      writeFile(join(cwd, "refund.yaml"), `name: refund\nnamespace_name: payments\nversion: 1.0.0\nsteps: [{ name: plain, handler: { callable: Test, initialization: { from: ${from} } } }]\n`);
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
});
