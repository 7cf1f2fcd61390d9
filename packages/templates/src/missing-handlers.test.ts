import { createTestDatabase } from "@tasker-observability/testkit";
import pg from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createHandlers } from "./handlers.js";
import { findMissingHandlers } from "./missing-handlers.js";
import { createPostgresSource } from "./sources/postgres-source.js";
import { definitionOf, refund, sourceOf, templateText } from "./testing/templates.js";

const { signal } = new AbortController();
const searched = {
  handlers: createHandlers(["h"]),
  environment: "test",
  namespaces: ["payments"],
  signal,
};
const withHandler = (callable: string) =>
  definitionOf(templateText(`steps: [{ name: a, handler: { callable: ${callable} } }]`));

describe("the handlers that templates miss", () => {
  it("are found in a registry by a question for a hundred templates", async () => {
    const database = await createTestDatabase();
    const pool = new pg.Pool({ connectionString: database.url });
    onTestFinished(async () => {
      await pool.end();
      await database.drop();
    });
    await pool.query(`create schema tasker; set search_path to tasker;
      create table task_namespaces (task_namespace_uuid uuid default gen_random_uuid(), name varchar(64));
      create table named_tasks (named_task_uuid uuid default gen_random_uuid(), task_namespace_uuid uuid, name varchar(64), description text, version varchar(16), configuration jsonb, created_at timestamp default now());
      insert into task_namespaces (name) values ('payments');
      insert into named_tasks (task_namespace_uuid, name, version, configuration)
        select task_namespace_uuid, 'task' || i, '1.0.0', jsonb_build_object('steps', jsonb_build_array(jsonb_build_object('name', 'a', 'handler', jsonb_build_object('callable', case i % 2 when 0 then 'h' else 'missing' || i % 4 end))))
        from task_namespaces, generate_series(1, 250) i;`);
    const client = {
      query: vi.fn((text: string, values: (string | number | null)[]) => pool.query(text, values)),
    };
    expect(
      await findMissingHandlers({ ...searched, source: createPostgresSource({ client }) }),
    ).toEqual(["missing1", "missing3"]);
    expect(client.query).toHaveBeenCalledTimes(3);
  });

  it("are found in a source that has no portions, one by one", async () => {
    const source = sourceOf({
      list: async () => ({
        total: 1,
        templates: [{ ...refund, description: null, step_count: 1, definition: null }],
      }),
      find: async () => withHandler("gone"),
    });
    expect(await findMissingHandlers({ ...searched, source })).toEqual(["gone"]);
  });

  it("are searched for only in the given templates, and only in served namespaces", async () => {
    const find = vi.fn(async ({ name }: typeof refund) =>
      name === "none" ? null : withHandler(name),
    );
    const only = [
      refund,
      { ...refund, name: "h" },
      { ...refund, name: "none" },
      { ...refund, namespace: "orders" },
    ];
    expect(await findMissingHandlers({ ...searched, only, source: sourceOf({ find }) })).toEqual([
      "refund",
    ]);
    expect(find).toHaveBeenCalledTimes(3);
  });

  it.each([
    ["as it is written", "", "pay.***REDACTED***"],
    [
      "as an environment makes it",
      "environments: { test: { steps: [{ name: a, handler: { callable: env.zq81opaque77 } }] } }",
      "env.***REDACTED***",
    ],
  ])("are named without a secret of their template, %s", async (_how, overrides, named) => {
    const steps =
      "steps: [{ name: a, handler: { callable: pay.zq81opaque77, initialization: { api_key: zq81opaque77 } } }]";
    const source = sourceOf({
      findAll: async () => [definitionOf(templateText(`${steps}\n${overrides}`))],
    });
    expect(await findMissingHandlers({ ...searched, source })).toEqual([named]);
  });
});
