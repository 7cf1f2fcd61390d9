import type { Logger } from "@tasker-observability/core";
import { createTestDatabase, type TestDatabase } from "@tasker-observability/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createPostgresSource } from "./postgres-source.js";

const signal = new AbortController().signal;
const all = { namespace: null, limit: null, offset: 0 };

describe("rows without an identity", () => {
  let nullable: TestDatabase;
  let client: pg.Pool;
  beforeAll(async () => {
    nullable = await createTestDatabase();
    client = new pg.Pool({ connectionString: nullable.url });
    await client.query(`create schema tasker; set search_path to tasker;
      create table task_namespaces (task_namespace_uuid uuid default gen_random_uuid(), name varchar(64));
      create table named_tasks (named_task_uuid uuid default gen_random_uuid(), task_namespace_uuid uuid, name varchar(64), description text, version varchar(16), configuration jsonb, created_at timestamp default now());
      insert into task_namespaces (name) values ('payments'), (null);
      insert into named_tasks (task_namespace_uuid, name, version, configuration) select task_namespace_uuid, made.* from task_namespaces, (values ('refund', '1.0.0', '{}'::jsonb), (null, '1.0.0', '{}'), ('refund', null, '{}'), ('', '1.0.0', '{}')) made;
      insert into named_tasks (name, version) values ('lost', '1.0.0');`);
  });
  afterAll(async () => {
    await client.end();
    await nullable.drop();
  });

  it("are not listed; the log has their number, and has it again only when it changes", async () => {
    const logger = vi.fn<Logger>();
    const source = createPostgresSource({ client, logger });
    for (let times = 0; times < 2; times += 1)
      expect(await source.list(all, signal)).toMatchObject({
        total: 1,
        templates: [{ namespace: "payments", name: "refund", version: "1.0.0" }],
      });
    expect(await source.namespaces(signal)).toEqual(["payments"]);
    expect(logger).toHaveBeenCalledExactlyOnceWith("warn", expect.stringContaining("not listed"), {
      code: "not_a_template",
      count: 8,
    });
    await client.query("delete from tasker.named_tasks where name = 'lost'");
    await source.list({ ...all, namespace: "payments" }, signal);
    expect(logger).toHaveBeenLastCalledWith("warn", expect.anything(), {
      code: "not_a_template",
      count: 7,
    });
  });
});
