import { Validator } from "@seriousme/openapi-schema-validator";
import { createWorkerContext, operationsFor } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createOpenApiDocument, type OpenApiOptions } from "./openapi.js";
import { createSampleWorker, openMetrics, plainText } from "./testing/sample-operations.js";

const { operations } = createSampleWorker();
const auth = {
  header: "X-Key",
  keys: [{ name: "a", key: "key-1", rights: ["read", "write"] }],
} satisfies OpenApiOptions["auth"];

async function problemsOf(document: object): Promise<unknown> {
  const { valid, errors } = await new Validator().validate(
    structuredClone(document) as Record<string, unknown>,
  );
  return valid ? null : errors;
}

/** All references in a document. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" ? [String(inner)] : referencesIn(inner),
  );
}

function resolves(document: object, reference: string): boolean {
  let found: unknown = document;
  for (const key of reference.slice(2).split("/"))
    found = (found as Record<string, unknown> | undefined)?.[key];
  return reference.startsWith("#/") && found !== undefined;
}

describe("the OpenAPI document", () => {
  it("gives every endpoint its own id", async () => {
    const { paths } = await createOpenApiDocument(operations, { writes: true });
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map((endpoint) => (endpoint as { operationId: string }).operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(["template_get", "v1_template_get"]));
  });

  it.each<[string, OpenApiOptions]>([
    ["as it is by default", {}],
    ["with writes and keys", { writes: true, auth }],
    ["of one group", { groups: ["health"], version: "2.0.0", serverUrl: "/internal/obs" }],
  ])("%s is valid, and every reference in it leads somewhere", async (_what, options) => {
    const document = await createOpenApiDocument(operations, options);
    expect(await problemsOf(document)).toBeNull();
    for (const reference of referencesIn(document))
      expect([reference, resolves(document, reference)]).toEqual([reference, true]);
  });

  it("can be found invalid", async () => {
    const document = await createOpenApiDocument(operations);
    expect(await problemsOf({ ...document, paths: { health: {} } })).not.toBeNull();
  });

  it("describes what is installed, offered and permitted, and nothing else", async () => {
    const pathsWith = async (options: OpenApiOptions) =>
      Object.entries((await createOpenApiDocument(operations, options)).paths).map(
        ([path, item]) => `${Object.keys(item).join("|")} ${path}`,
      );
    expect(await pathsWith({ groups: ["health"] })).toEqual([
      "get /health",
      "get /health/ready",
      "get /health/detailed",
    ]);
    const templates = await pathsWith({ groups: ["templates"], writes: true });
    expect(templates.filter((path) => !path.includes("/v1/"))).toEqual([
      "get /templates",
      "get /templates/cache/stats",
      "delete /templates/cache",
      "get /templates/{namespace}/{name}/{version}",
      "get|post /templates/{namespace}/{name}/{version}/validate",
      "post /templates/{namespace}/{name}/{version}/refresh",
    ]);
    expect(templates).toContain("get /v1/templates/{namespace}/{name}/{version}");
    expect(await pathsWith({ groups: ["templates"] })).not.toContain("delete /templates/cache");
  });

  it("has types, defaults and places of params, with the limit that only HTTP has", async () => {
    const { paths } = await createOpenApiDocument(operations);
    expect(paths["/templates"]).toMatchObject({
      get: {
        parameters: [
          {
            name: "include_cache_stats",
            in: "query",
            required: false,
            schema: { type: "boolean", default: false },
          },
          { name: "namespace", in: "query", required: false, schema: { type: "string" } },
          {
            name: "limit",
            in: "query",
            required: false,
            schema: { type: "integer", minimum: 1, default: 1_000 },
          },
          {
            name: "offset",
            in: "query",
            required: false,
            schema: { type: "integer", minimum: 0, default: 0 },
          },
        ],
      },
    });
    expect(paths["/templates/{namespace}/{name}/{version}"]).toMatchObject({
      get: {
        parameters: ["namespace", "name", "version"].map((name) => ({
          name,
          in: "path",
          required: true,
        })),
      },
    });
  });

  it("has the statuses that a result can have, and those of errors", async () => {
    const { paths } = await createOpenApiDocument(operations, { writes: true });
    const ofEveryCall = ["403", "413", "500", "503", "504"];
    const statuses = (path: string, method: string) =>
      Object.keys((paths[path]?.[method] as { responses: object }).responses);
    expect(statuses("/health", "get")).toEqual(["200", ...ofEveryCall, "default"]);
    expect(statuses("/health/ready", "get")).toEqual(["200", ...ofEveryCall, "default"]);
    expect(statuses("/templates/{namespace}/{name}/{version}/refresh", "post")).toEqual([
      "200",
      "400",
      "403",
      "404",
      "413",
      "500",
      "502",
      "503",
      "504",
      "default",
    ]);
    expect(statuses("/templates/{namespace}/{name}/{version}", "get")).toContain("404");
  });

  it("lists every media type of a text", async () => {
    const { paths } = await createOpenApiDocument(operations);
    const content = {
      [plainText]: { schema: { type: "string" } },
      [openMetrics]: { schema: { type: "string" } },
    };
    expect(paths["/metrics"]).toMatchObject({ get: { responses: { 200: { content } } } });
  });

  it("requires the key if the policy does", async () => {
    const { paths, components } = await createOpenApiDocument(operations, { auth });
    expect(components.securitySchemes).toEqual({
      api_key: { type: "apiKey", in: "header", name: "X-Key" },
      bearer: { type: "http", scheme: "bearer", description: "The same key." },
    });
    expect(paths["/health"]).toMatchObject({ get: { security: [] } });
    expect(paths["/config"]).toMatchObject({
      get: { security: [{ api_key: [] }, { bearer: [] }] },
    });
    expect(JSON.stringify({ paths, components })).not.toContain("key-1");
  });

  it("names a shared schema once, by its title, and moves shared parts to where they can be found", async () => {
    const tree = z.object({
      name: z.string(),
      get children() {
        return z.array(tree);
      },
    });
    const result = z.object({ root: tree, other: tree }).meta({ title: "Forest" });
    const operation = operationsFor(createWorkerContext(), z.strictObject({}));
    const run = async () => ({
      root: { name: "", children: [] },
      other: { name: "", children: [] },
    });
    const document = await createOpenApiDocument({
      health_live: operation("health_live", { result, run, verdict: () => "ok" }),
      health_detailed: operation("health_detailed", { result, run }),
    });
    expect(Object.keys(document.components.schemas as object)).toEqual([
      "Forest",
      expect.any(String),
      "Error",
    ]);
    for (const reference of referencesIn(document))
      expect([reference, resolves(document, reference)]).toEqual([reference, true]);
    expect(await problemsOf(document)).toBeNull();
  });
});
