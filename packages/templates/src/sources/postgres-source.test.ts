import type { Logger } from "@tasker-observability/core";
import { createTestDatabase, type TestDatabase } from "@tasker-observability/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createTemplateService } from "../template-service.js";
import { createPostgresSource } from "./postgres-source.js";
import { registryStatements } from "./registry-statements.js";

const signal = new AbortController().signal;
const all = { namespace: null, limit: null, offset: 0 };
const identity = { namespace: "payments", name: "refund", version: "1.0.0" };

const tables = `
create schema "Tasker ""2""";
set search_path to "Tasker ""2""";
create table task_namespaces (
  task_namespace_uuid uuid primary key default gen_random_uuid(), name varchar(64) not null unique, description varchar(255),
  created_at timestamp not null default now(), updated_at timestamp not null default now());
create table named_tasks (
  named_task_uuid uuid primary key default gen_random_uuid(), task_namespace_uuid uuid not null references task_namespaces, name varchar(64) not null,
  description varchar(255), version varchar(16) not null, configuration jsonb default '{}',
  created_at timestamp not null default now(), updated_at timestamp not null default now());
insert into task_namespaces (name) values ('payments'), ('orders'), ('cache'), ('empty'), ('secret');`;

let database: TestDatabase;
let pool: pg.Pool;

async function register(
  namespace: string,
  name: string,
  version: string,
  configuration: string | null,
  description: string | null = null,
  madeAt = "2025-03-01 12:00:00.123",
): Promise<void> {
  await pool.query(
    `insert into "Tasker ""2""".named_tasks (task_namespace_uuid, name, version, configuration, description, created_at)
     select task_namespace_uuid, $2, $3, $4::jsonb, $5, $6 from "Tasker ""2""".task_namespaces where name = $1`,
    [namespace, name, version, configuration, description, madeAt],
  );
}

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  await pool.query(tables);
  await register(
    "payments",
    "refund",
    "1.0.0",
    JSON.stringify({
      name: "other",
      description: "Gives back",
      steps: [{ name: "a", handler: { callable: "h" }, depends_on: ["b"] }],
      extra: { kept: true },
    }),
  );
  await register("payments", "refund", "1.10.0", JSON.stringify({ steps: [] }), "From the column");
  await register("payments", "Upper", "1.0.0", null);
  await register(
    "orders",
    "hostile",
    "1.0.0",
    '{"steps": [{"name": "a", "handler": {"callable": "h"}, "__proto__": {"polluted": true}}]}',
  );
  await register("orders", "list", "1.0.0", "[1, 2]");
  await register(
    "orders",
    "deep",
    "1.0.0",
    `{"metadata": ${"[".repeat(3_000)}${"]".repeat(3_000)}}`,
  );
  await register("cache", "hidden", "1.0.0", "{}");
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const sourceOver = (client: pg.Pool = pool): ReturnType<typeof createPostgresSource> =>
  createPostgresSource({ client, schema: 'Tasker "2"' });

describe("the registry in PostgreSQL", () => {
  it("gives a template by its identity, which the row's columns decide", async () => {
    expect(await sourceOver().find(identity, signal)).toEqual({
      identity,
      definition: {
        name: "refund",
        namespace_name: "payments",
        version: "1.0.0",
        description: "Gives back",
        steps: [{ name: "a", handler: { callable: "h" }, depends_on: ["b"], dependencies: ["b"] }],
        extra: { kept: true },
      },
      dropped: [],
      problems: [],
      registeredAt: "2025-03-01T12:00:00.123Z",
    });
  });

  it("has null for what is not there", async () => {
    const source = sourceOver();
    expect(await source.find({ ...identity, version: "9.9.9" }, signal)).toBeNull();
    expect(await source.refetch({ ...identity, namespace: "constructor" }, signal)).toBeNull();
    expect(await source.find({ ...identity, name: "a\u0000b" }, signal)).toBeNull();
    expect(await source.find({ ...identity, name: "\ud800" }, signal)).toBeNull();
    expect(
      await source.find({ ...identity, name: "'; drop schema public; --" }, signal),
    ).toBeNull();
  });

  it("lists in the order of the folder source, with counts", async () => {
    const { total, templates } = await sourceOver().list(all, signal);
    expect(total).toBe(6);
    expect(templates).toEqual([
      {
        namespace: "orders",
        name: "deep",
        version: "1.0.0",
        description: null,
        step_count: 0,
        definition: null,
      },
      {
        namespace: "orders",
        name: "hostile",
        version: "1.0.0",
        description: null,
        step_count: 1,
        definition: null,
      },
      {
        namespace: "orders",
        name: "list",
        version: "1.0.0",
        description: null,
        step_count: 0,
        definition: null,
      },
      {
        namespace: "payments",
        name: "Upper",
        version: "1.0.0",
        description: null,
        step_count: 0,
        definition: null,
      },
      {
        namespace: "payments",
        name: "refund",
        version: "1.0.0",
        description: "Gives back",
        step_count: 1,
        definition: null,
      },
      {
        namespace: "payments",
        name: "refund",
        version: "1.10.0",
        description: "From the column",
        step_count: 0,
        definition: null,
      },
    ]);
  });

  it("lists by page and by namespace", async () => {
    const source = sourceOver();
    expect(await source.list({ namespace: "payments", limit: 1, offset: 1 }, signal)).toMatchObject(
      { total: 3, templates: [{ version: "1.0.0" }] },
    );
    expect(await source.list({ namespace: "payments", limit: 10, offset: 99 }, signal)).toEqual({
      total: 3,
      templates: [],
    });
    expect(await source.list({ namespace: "nobody", limit: null, offset: 0 }, signal)).toEqual({
      total: 0,
      templates: [],
    });
    expect(await source.list({ namespace: "\u0000", limit: null, offset: 0 }, signal)).toEqual({
      total: 0,
      templates: [],
    });
  });

  it("names the namespaces that have a template", async () => {
    expect(await sourceOver().namespaces(signal)).toEqual(["orders", "payments"]);
  });

  it("says what is wrong with a row that holds no usable template", async () => {
    const source = sourceOver();
    const problemsOf = async (name: string): Promise<unknown> =>
      (await source.find({ namespace: "orders", name, version: "1.0.0" }, signal))?.problems.map(
        ({ code, path }) => `${code} ${path.join(".")}`,
      );
    expect(await problemsOf("hostile")).toEqual(["proto_key steps.0.__proto__"]);
    expect(await problemsOf("list")).toEqual(["not_a_template "]);
    expect(await problemsOf("deep")).toEqual(["too_deep "]);
    expect(
      await source.find({ namespace: "cache", name: "hidden", version: "1.0.0" }, signal),
    ).toBeNull();
  });

  it("does not care how the application has its driver parse jsonb", async () => {
    const jsonb = 3_802;
    const own = new pg.Pool({
      connectionString: database.url,
      types: {
        getTypeParser: (oid: number) => (text: string | Buffer) =>
          oid === jsonb ? "unparsed" : text.toString(),
      },
    });
    try {
      expect(await sourceOver(own).find(identity, signal)).toMatchObject({
        definition: { extra: { kept: true } },
      });
    } finally {
      await own.end();
    }
  });

  it("rejects where the tables are not there, with the driver's error for the log", async () => {
    await expect(
      createPostgresSource({ client: pool }).find(identity, signal),
    ).rejects.toMatchObject({ code: "42P01" });
  });
});

describe("a row of the registry", () => {
  const steps = '"steps": [{"name": "a", "handler": {"callable": "h"}}]';
  beforeAll(async () => {
    await pool.query(`insert into "Tasker ""2""".task_namespaces (name) values ('rows')`);
    await register(
      "rows",
      "exact",
      "1.0.0",
      `{${steps}, "a": [9007199254740991, 0.5], "b": "12345678901234567890"}`,
    );
    await register(
      "rows",
      "inexact",
      "1.0.0",
      `{${steps}, "metadata": {"big": 12345678901234567890, "huge": 1e400, "fine": 0.12345678901234567890}}`,
    );
    await register(
      "rows",
      "large",
      "1.0.0",
      `{${steps}, "description": "Pays", "x": "${"x".repeat(262_144)}"}`,
    );
    for (const made of ["2025-01-02", "2025-01-01", "2025-01-03"]) {
      await register(
        "rows",
        "differing",
        "1.0.0",
        JSON.stringify({ description: made, steps: [] }),
        null,
        made,
      );
      await register("rows", "same", "1.0.0", "{}", null, made);
    }
  });
  const find = async (name: string) =>
    (await sourceOver().find({ namespace: "rows", name, version: "1.0.0" }, signal))!;
  const inShort = async (name: string) =>
    (await find(name)).problems.map(
      ({ severity, code, path }) => `${severity} ${code} ${path.join(".")}`,
    );

  it("loses no digit of a number in silence: one that cannot be kept is a warning, as in a file, and the template is served", async () => {
    expect(await find("exact")).toMatchObject({
      problems: [],
      definition: { a: [9_007_199_254_740_991, 0.5], b: "12345678901234567890" },
    });
    expect(await inShort("inexact")).toEqual([
      "warning inexact_number metadata.big",
      "warning inexact_number metadata.fine",
      "warning inexact_number metadata.huge",
    ]);
    expect(await find("inexact")).toMatchObject({
      definition: { metadata: { huge: `1${"0".repeat(400)}` } },
      dropped: [
        { metadata: { big: "12345678901234567890" } },
        { metadata: { fine: "0.12345678901234567890" } },
        { metadata: { huge: `1${"0".repeat(400)}` } },
      ],
    });
  });

  it("is as large as a file may be; the others are there", async () => {
    expect(await inShort("large")).toEqual(["error file_too_large "]);
    expect(
      (await sourceOver().list({ ...all, namespace: "rows" }, signal)).templates.map(
        ({ name, description }) => [name, description],
      ),
    ).toEqual([
      ["differing", "2025-01-01"],
      ["exact", null],
      ["inexact", null],
      ["large", null],
      ["same", null],
    ]);
  });

  it("that is far too large is measured without being read", async () => {
    await pool.query(
      `insert into "Tasker ""2""".named_tasks (task_namespace_uuid, name, version, configuration) select task_namespace_uuid, 'larger', '1.0.0', jsonb_build_object('x', (select string_agg(md5(i::text), '') from generate_series(1, 50000) i)) from "Tasker ""2""".task_namespaces where name = 'rows'`,
    );
    await pool.query(
      `insert into "Tasker ""2""".named_tasks (task_namespace_uuid, name, version, configuration) select task_namespace_uuid, 'larger', '2.0.0', (select jsonb_agg(1) from generate_series(1, 87380)) from "Tasker ""2""".task_namespaces where name = 'rows'`,
    );
    const values = ["rows", null, 0, 262_144].map((value) =>
      typeof value === "string" ? `'${value}'` : String(value),
    );
    const list = registryStatements('Tasker "2"').list.replace(
      /\$(\d)/g,
      (_placeholder, number: string) => values[Number(number) - 1] ?? "",
    );
    const { rows } = await pool.query<{
      readonly "QUERY PLAN": readonly { readonly Plan: Readonly<Record<string, number>> }[];
    }>(`explain (analyze, buffers, format json) ${list}`);
    const plan = rows[0]?.["QUERY PLAN"][0]?.Plan ?? {};
    expect((plan["Shared Hit Blocks"] ?? 0) + (plan["Shared Read Blocks"] ?? 0)).toBeLessThan(200);
    const [larger, ones] =
      (await sourceOver().findAll?.({ namespace: "rows", limit: 2, offset: 4 }, signal)) ?? [];
    expect(larger?.problems.map(({ code }) => code)).toEqual(["file_too_large"]);
    expect(ones?.problems.map(({ code }) => code)).toEqual(["not_a_template"]);
    await pool.query(`delete from "Tasker ""2""".named_tasks where name = 'larger'`);
  });

  it("that cannot be read has that one finding", async () => {
    const service = createTemplateService({ source: sourceOver() });
    const found = async (namespace: string, name: string): Promise<unknown> =>
      (await service.validateTemplate({ namespace, name, version: "1.0.0" })).findings.map(
        ({ code }) => code,
      );
    expect(await found("rows", "large")).toEqual(["file_too_large"]);
    expect(await found("orders", "deep")).toEqual(["too_deep"]);
    expect(await found("orders", "list")).toEqual(["not_a_template"]);
  });

  it("of an identity that others have too is used where it is the oldest, listed once, and warned of", async () => {
    expect((await sourceOver().list({ ...all, namespace: "rows", limit: 2 }, signal)).total).toBe(
      5,
    );
    expect(await find("differing")).toMatchObject({
      definition: { description: "2025-01-01" },
      problems: [
        {
          severity: "warning",
          code: "duplicate_template",
          message: "3 rows of the registry have this identity.",
        },
      ],
    });
    expect((await find("same")).problems[0]?.message).toBe(
      "3 rows of the registry have this identity, with the same content.",
    );
    const service = createTemplateService({ source: sourceOver() });
    expect(
      (await service.getTemplate({ namespace: "rows", name: "differing", version: "1.0.0" }))
        .template.description,
    ).toBe("2025-01-01");
  });
});

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

  it("are not listed, and the log has their number, again only where it changes", async () => {
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

describe("a description in the registry", () => {
  it("is that of the column where the configuration has one that is no text", async () => {
    await register(
      "empty",
      "list",
      "1.0.0",
      '{"steps": [], "description": ["Pays"]}',
      "From the column",
    );
    await register("empty", "mapping", "1.0.0", '{"steps": [], "description": {"en": "Pays"}}');
    expect(
      (await sourceOver().list({ ...all, namespace: "empty" }, signal)).templates.map(
        ({ name, description }) => [name, description],
      ),
    ).toEqual([
      ["list", "From the column"],
      ["mapping", null],
    ]);
    await pool.query(
      `delete from "Tasker ""2""".named_tasks where name in ('list', 'mapping') and configuration ? 'description'`,
    );
  });

  beforeAll(async () => {
    const steps =
      '[{"name": "a", "handler": {"callable": "h", "initialization": {"api_key": "zq81opaque77"}}}]';
    await register("secret", "column", "1.0.0", `{"steps": ${steps}}`, "Pays with zq81opaque77");
    await register(
      "secret",
      "configuration",
      "1.0.0",
      `{"steps": ${steps}, "description": "Pays with zq81opaque77"}`,
    );
    await register(
      "secret",
      "dropped",
      "1.0.0",
      '{"steps": [], "metadata": {"__proto__": {"api_key": "zq81opaque77"}}}',
      "Pays with zq81opaque77",
    );
    await register(
      "secret",
      "list",
      "1.0.0",
      '[{"api_key": "zq81opaque77"}]',
      "Pays with zq81opaque77",
    );
  });

  it("is listed without a secret that stands elsewhere in its row, whether the template can be used or not", async () => {
    const { templates } = await createTemplateService({ source: sourceOver() }).listTemplates({
      namespace: "secret",
    });
    expect(templates.map(({ name, description }) => [name, description])).toEqual([
      ["column", "Pays with ***REDACTED***"],
      ["configuration", "Pays with ***REDACTED***"],
      ["dropped", "Pays with ***REDACTED***"],
      ["list", "Pays with ***REDACTED***"],
    ]);
  });
});
