import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTemplateService } from "../template-service.js";
import { createRegistry, type Registry, registrySchema } from "../testing/registry.js";
import { registryStatements } from "./registry-statements.js";

const signal = new AbortController().signal;
const all = { namespace: null, limit: null, offset: 0 };
let registry: Registry;

beforeAll(async () => {
  registry = await createRegistry();
  await registry.register("orders/list/1.0.0", "[1, 2]");
  await registry.register(
    "orders/deep/1.0.0",
    `{"metadata": ${"[".repeat(3_000)}${"]".repeat(3_000)}}`,
  );
});

afterAll(async () => {
  await registry.drop();
});

describe("a row of the registry", () => {
  const steps = '"steps": [{"name": "a", "handler": {"callable": "h"}}]';
  beforeAll(async () => {
    await registry.pool.query(`insert into "Tasker ""2""".task_namespaces (name) values ('rows')`);
    await registry.register(
      "rows/exact/1.0.0",
      `{${steps}, "a": [9007199254740991, 0.5], "b": "12345678901234567890"}`,
    );
    await registry.register(
      "rows/inexact/1.0.0",
      `{${steps}, "metadata": {"big": 12345678901234567890, "huge": 1e400, "fine": 0.12345678901234567890}}`,
    );
    await registry.register(
      "rows/large/1.0.0",
      `{${steps}, "description": "Pays", "x": "${"x".repeat(262_144)}"}`,
    );
    for (const made of ["2025-01-02", "2025-01-01", "2025-01-03"]) {
      await registry.register(
        "rows/differing/1.0.0",
        JSON.stringify({ description: made, steps: [] }),
        { createdAt: made },
      );
      await registry.register("rows/same/1.0.0", "{}", { createdAt: made });
    }
  });
  const find = async (name: string) =>
    (await registry.source().find({ namespace: "rows", name, version: "1.0.0" }, signal))!;
  const inShort = async (name: string) =>
    (await find(name)).problems.map(
      ({ severity, code, path }) => `${severity} ${code} ${path.join(".")}`,
    );

  it("warns of a number that it cannot keep exactly, as a file does, and the template is served", async () => {
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

  it("may be as large as a file; a larger one is an error, and the others are listed", async () => {
    expect(await inShort("large")).toEqual(["error file_too_large "]);
    expect(
      (await registry.source().list({ ...all, namespace: "rows" }, signal)).templates.map(
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
    await registry.pool.query(
      `insert into "Tasker ""2""".named_tasks (task_namespace_uuid, name, version, configuration) select task_namespace_uuid, 'larger', '1.0.0', jsonb_build_object('x', (select string_agg(md5(i::text), '') from generate_series(1, 50000) i)) from "Tasker ""2""".task_namespaces where name = 'rows'`,
    );
    await registry.pool.query(
      `insert into "Tasker ""2""".named_tasks (task_namespace_uuid, name, version, configuration) select task_namespace_uuid, 'larger', '2.0.0', (select jsonb_agg(1) from generate_series(1, 87380)) from "Tasker ""2""".task_namespaces where name = 'rows'`,
    );
    const values = ["rows", null, 0, 262_144].map((value) =>
      typeof value === "string" ? `'${value}'` : String(value),
    );
    const list = registryStatements(registrySchema).list.replace(
      /\$(\d)/g,
      (_placeholder, number: string) => values[Number(number) - 1] ?? "",
    );
    const { rows } = await registry.pool.query<{
      readonly "QUERY PLAN": readonly { readonly Plan: Readonly<Record<string, number>> }[];
    }>(`explain (analyze, buffers, format json) ${list}`);
    const plan = rows[0]?.["QUERY PLAN"][0]?.Plan ?? {};
    expect((plan["Shared Hit Blocks"] ?? 0) + (plan["Shared Read Blocks"] ?? 0)).toBeLessThan(200);
    const [larger, ones] =
      (await registry.source().findAll?.({ namespace: "rows", limit: 2, offset: 4 }, signal)) ?? [];
    expect(larger?.problems.map(({ code }) => code)).toEqual(["file_too_large"]);
    expect(ones?.problems.map(({ code }) => code)).toEqual(["not_a_template"]);
    await registry.pool.query(`delete from "Tasker ""2""".named_tasks where name = 'larger'`);
  });

  it("that cannot be read has only that finding", async () => {
    const service = createTemplateService({ source: registry.source() });
    const found = async (namespace: string, name: string): Promise<unknown> =>
      (await service.validateTemplate({ namespace, name, version: "1.0.0" })).findings.map(
        ({ code }) => code,
      );
    expect(await found("rows", "large")).toEqual(["file_too_large"]);
    expect(await found("orders", "deep")).toEqual(["too_deep"]);
    expect(await found("orders", "list")).toEqual(["not_a_template"]);
  });

  it("that shares its identity with others is used if it is the oldest, and listed once with a warning", async () => {
    expect(
      (await registry.source().list({ ...all, namespace: "rows", limit: 2 }, signal)).total,
    ).toBe(5);
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
    const service = createTemplateService({ source: registry.source() });
    expect(
      (await service.getTemplate({ namespace: "rows", name: "differing", version: "1.0.0" }))
        .template.template.description,
    ).toBe("2025-01-01");
  });
});
