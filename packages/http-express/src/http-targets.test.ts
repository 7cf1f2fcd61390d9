import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serverHarnesses, type RunningServer } from "./testing/server-harness.js";
import { sendRequest } from "./testing/raw-http.js";
import { createSampleWorker } from "./testing/sample-operations.js";

const unknownKey = "query: an unknown key (known: include_cache_stats, namespace, limit, offset)";
const template = "/templates/payments/charge/1.0.0";

describe.each(serverHarnesses)("$name", ({ serve, statusOfUnknown }) => {
  const { operations } = createSampleWorker();
  let served: RunningServer;
  beforeAll(async () => {
    served = await serve(operations);
  });
  afterAll(() => served.close());
  const get = (path: string, headers?: Record<string, string>) =>
    served.request("GET", path, headers);
  const paramsIn = (body: string) => (JSON.parse(body) as { params: unknown }).params;
  const listedParams = async (query: string) => {
    const { status, body } = await get(`/templates${query}`);
    expect([status, body]).toEqual([200, expect.any(String)]);
    return paramsIn(body);
  };

  describe("the path", () => {
    it.each([
      "/health?x=1",
      "/health/",
      "/health/?x=1&x=2",
      "/health?",
      "/health/ready/",
      "/metrics/?format=text",
    ])("%s is an endpoint", async (path) => {
      expect((await get(path)).status).toBe(200);
    });

    it.each([
      "/nothing",
      "/Health",
      "/HEALTH",
      "/health//",
      "/health//ready",
      "/health/ready//",
      "/health;x=y",
      "/health%00",
      "/%00",
      "/%2e%2e/health",
      "/%2e%2e",
      "/health/../templates",
      "/health/%2e%2e/templates",
      "/./health",
      "/%68ealth",
      "/health%2f",
      "/health%3fx=1",
      "/health\\ready",
      "/templates/cache/other/1.0.0",
      "/templates/payments//1.0.0",
      "/templates/payments/charge",
      "/templates/payments/charge/1.0.0/other",
      "/templates/payments/charge/1.0.0/validate/more",
      "/__proto__",
      "/constructor",
    ])("%s is none", async (path) => {
      expect((await get(path)).status).toBe(statusOfUnknown);
    });

    it("is not one with two slashes in front", async () => {
      const { status } = await sendRequest(served.port, "GET //health");
      expect(status).toBe(statusOfUnknown);
    });

    it("is ignored if it is very long", async () => {
      expect((await get(`/${"a".repeat(12_000)}`)).status).toBe(statusOfUnknown);
      expect((await get(`/health${"/".repeat(12_000)}`)).status).toBe(statusOfUnknown);
    });

    it("is read from the request line and from no header", async () => {
      const headers = {
        "X-Original-URL": "/health",
        "X-Rewrite-URL": "/health",
        "X-Forwarded-Prefix": "/health",
      };
      expect((await get("/nothing", headers)).status).toBe(statusOfUnknown);
      expect((await get("/health", { "X-Original-URL": "/nothing" })).status).toBe(200);
    });

    it("passes its segments to the operation decoded, whatever they contain", async () => {
      const paramsOf = async (path: string) => paramsIn((await get(path)).body);
      expect(await paramsOf("/templates/a%20b/%C3%BC/1.0.0%2B1")).toEqual({
        namespace: "a b",
        name: "ü",
        version: "1.0.0+1",
      });
      expect(await paramsOf("/templates/a+b/x/1")).toEqual({
        namespace: "a+b",
        name: "x",
        version: "1",
      });
      expect(await paramsOf("/templates/__proto__/constructor/1")).toEqual({
        namespace: "__proto__",
        name: "constructor",
        version: "1",
      });
      expect(await paramsOf("/templates/..%2f..%2fetc/passwd/1")).toEqual({
        namespace: "../../etc",
        name: "passwd",
        version: "1",
      });
    });

    it.each([
      ["a broken escape", "/templates/%zz/%/1"],
      ["a lone surrogate", "/templates/%ED%A0%80/%C0%AF/1"],
    ])("with %s in its segments is a 400 that names both of them", async (_what, path) => {
      const { status, body } = await get(path);
      expect([status, JSON.parse(body)]).toMatchObject([400, { error: "invalid_params" }]);
      expect(JSON.parse(body).message).toMatch(/namespace: .* name: /);
    });
  });

  describe("the query", () => {
    it("is decoded by the types of the params", async () => {
      expect(await listedParams("?include_cache_stats=true&namespace=1&limit=5&offset=10")).toEqual(
        {
          include_cache_stats: true,
          namespace: "1",
          limit: 5,
          offset: 10,
        },
      );
      expect(
        await listedParams("?include_cache_stats=false&&namespace=a%2Bb+c%3Dd=e"),
      ).toMatchObject({ include_cache_stats: false, namespace: "a+b c=d=e" });
    });

    it("limits a list of templates to 1000 if it does not say otherwise", async () => {
      expect(await listedParams("")).toEqual({
        include_cache_stats: false,
        limit: 1_000,
        offset: 0,
      });
      expect(await listedParams("?offset=1")).toMatchObject({ limit: 1_000 });
      expect(await listedParams("/?limit=2000")).toMatchObject({ limit: 2_000 });
    });

    it.each([
      ["namespace[]=a", unknownKey],
      ["includeCacheStats=true", unknownKey],
      ["__proto__=1", unknownKey],
      ["constructor=1", unknownKey],
      ["<script>=1", unknownKey],
      ["%zz=1", unknownKey],
      ["namespace=a&namespace=b", "namespace: given more than once"],
      ["namespace=a&namespace=a", "namespace: given more than once"],
      ["namespace=%zz", "namespace: not valid percent-encoded UTF-8"],
      ["namespace=%ED%A0%80", "namespace: not valid percent-encoded UTF-8"],
      ["include_cache_stats=maybe", "include_cache_stats: expected true or false"],
      ["include_cache_stats=", "include_cache_stats: expected true or false"],
      ["include_cache_stats=1", "include_cache_stats: expected true or false"],
      ["include_cache_stats", "include_cache_stats: expected true or false"],
      ["limit=ten", "limit: expected a whole number"],
      ["limit=", "limit: expected a whole number"],
      ["limit=1.5", "limit: expected a whole number"],
      ["limit=1e3", "limit: expected a whole number"],
      ["limit=0x10", "limit: expected a whole number"],
      ["limit=99999999999999999999", "limit: Too big: expected int to be <=9007199254740991"],
    ])("%s is a 400: %s", async (query, problem) => {
      const { status, body } = await get(`/templates?${query}`);
      expect([status, JSON.parse(body)]).toMatchObject([
        400,
        { error: "invalid_params", message: `templates_list rejected its params: ${problem}` },
      ]);
    });

    it("is rejected with all its problems at once, the schema's own among them", async () => {
      const { body } = await get("/templates?limit=0&offset=x&who=me");
      expect(JSON.parse(body).message).toMatch(
        /offset: expected a whole number; query: an unknown key \(.*; limit: Too small/,
      );
    });

    it("cannot override params of the path", async () => {
      const { status, body } = await get(`${template}?namespace=other`);
      expect([status, JSON.parse(body).message]).toEqual([
        400,
        "template_get rejected its params: query: an unknown key (known: none)",
      ]);
    });
  });
});
