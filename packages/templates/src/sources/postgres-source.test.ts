import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRegistry, type Registry } from "../testing/registry.js";
import { createPostgresSource } from "./postgres-source.js";

const signal = new AbortController().signal;
const all = { namespace: null, limit: null, offset: 0 };
const identity = { namespace: "payments", name: "refund", version: "1.0.0" };

let registry: Registry;

beforeAll(async () => {
  registry = await createRegistry();
  await registry.register(
    "payments/refund/1.0.0",
    JSON.stringify({
      name: "other",
      description: "Gives back",
      steps: [{ name: "a", handler: { callable: "h" }, depends_on: ["b"] }],
      extra: { kept: true },
    }),
  );
  await registry.register("payments/refund/1.10.0", JSON.stringify({ steps: [] }), {
    description: "From the column",
  });
  await registry.register("payments/Upper/1.0.0", null);
  await registry.register(
    "orders/hostile/1.0.0",
    '{"steps": [{"name": "a", "handler": {"callable": "h"}, "__proto__": {"polluted": true}}]}',
  );
  await registry.register("orders/list/1.0.0", "[1, 2]");
  await registry.register(
    "orders/deep/1.0.0",
    `{"metadata": ${"[".repeat(3_000)}${"]".repeat(3_000)}}`,
  );
  await registry.register("cache/hidden/1.0.0", "{}");
});

afterAll(async () => {
  await registry.drop();
});

describe("the registry in PostgreSQL", () => {
  it("finds a template by its identity, which the row's columns decide", async () => {
    expect(await registry.source().find(identity, signal)).toEqual({
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

  it("returns null for what is not there", async () => {
    const source = registry.source();
    expect(await source.find({ ...identity, version: "9.9.9" }, signal)).toBeNull();
    expect(await source.refetch({ ...identity, namespace: "constructor" }, signal)).toBeNull();
    expect(await source.find({ ...identity, name: "a\u0000b" }, signal)).toBeNull();
    expect(await source.find({ ...identity, name: "\ud800" }, signal)).toBeNull();
    expect(
      await source.find({ ...identity, name: "'; drop schema public; --" }, signal),
    ).toBeNull();
  });

  it("lists in the order of the folder source, with counts", async () => {
    const { total, templates } = await registry.source().list(all, signal);
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
    const source = registry.source();
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
    expect(await registry.source().namespaces(signal)).toEqual(["orders", "payments"]);
  });

  it("says what is wrong with a row that contains no usable template", async () => {
    const source = registry.source();
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

  it("works however the application has its driver parse jsonb", async () => {
    const jsonb = 3_802;
    const own = new pg.Pool({
      connectionString: registry.url,
      types: {
        getTypeParser: (oid: number) => (text: string | Buffer) =>
          oid === jsonb ? "unparsed" : text.toString(),
      },
    });
    try {
      expect(await registry.source(own).find(identity, signal)).toMatchObject({
        definition: { extra: { kept: true } },
      });
    } finally {
      await own.end();
    }
  });

  it("rejects if the tables are missing, with the driver's error for the log", async () => {
    await expect(
      createPostgresSource({ client: registry.pool }).find(identity, signal),
    ).rejects.toMatchObject({ code: "42P01" });
  });
});
