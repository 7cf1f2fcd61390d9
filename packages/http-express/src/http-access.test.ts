import { createAccessPolicy } from "@tasker-observability/core";
import { afterEach, describe, expect, it } from "vitest";
import type { HttpOptions } from "./http-options.js";
import { serverHarnesses, type RunningServer } from "./testing/server-harness.js";
import type { RawResponse } from "./testing/raw-http.js";
import { createSampleWorker } from "./testing/sample-operations.js";

const template = "/templates/payments/charge/1.0.0";
const writes = [
  ["DELETE", "/templates/cache"],
  ["POST", `${template}/refresh`],
] as const;

const reader = { name: "dashboard", key: "reader-key-1", rights: ["read"] } as const;
const writer = { name: "deployer", key: "writer-key-1", rights: ["read", "write"] } as const;
const auth = { keys: [reader, writer] };

describe.each(serverHarnesses)("$name", ({ serve, statusOfUnknown }) => {
  const { worker, operations } = createSampleWorker();
  let server: RunningServer | undefined;
  afterEach(() => server?.close());
  const start = async (options: HttpOptions) => {
    worker.writes = 0;
    server = await serve(operations, options);
    return server;
  };
  const outcome = ({ status, body }: RawResponse): [number, string | undefined] => [
    status,
    (JSON.parse(body) as { error?: string }).error,
  ];

  describe("groups", () => {
    it("that are off leave no path behind, whatever the method", async () => {
      const { request } = await start({ groups: ["health"] });
      expect((await request("GET", "/health")).status).toBe(200);
      for (const path of ["/metrics", "/templates", "/config", template]) {
        for (const method of ["GET", "POST", "OPTIONS"])
          expect((await request(method, path)).status).toBe(statusOfUnknown);
      }
    });

    it("that are on, without their service, say so", async () => {
      server = await serve({ health_basic: operations.health_basic });
      expect(outcome(await server.request("GET", "/config"))).toEqual([
        404,
        "service_not_installed",
      ]);
      expect((await server.request("GET", "/nothing")).status).toBe(statusOfUnknown);
    });
  });

  describe("writes", () => {
    it.each(writes)("%s %s is rejected until it is opted in", async (method, path) => {
      const { request } = await start({});
      expect(outcome(await request(method, path))).toEqual([403, "cache_operations_disabled"]);
      expect(worker.writes).toBe(0);
    });

    it.each(writes)("%s %s is done once it is", async (method, path) => {
      const { request } = await start({ writes: true });
      expect((await request(method, path)).status).toBe(200);
      expect(worker.writes).toBe(1);
    });

    it.each([
      ["another site", { "Sec-Fetch-Site": "cross-site" }],
      ["another host of the same site", { "Sec-Fetch-Site": "same-site" }],
      ["another origin, by an old browser", { Origin: "https://evil.test" }],
      ["another port", { Origin: "http://worker.test:3000" }],
      ["nowhere in particular", { Origin: "null" }],
      [
        "another site that claims to be this one",
        { Origin: "https://worker.test", "Sec-Fetch-Site": "cross-site" },
      ],
      ["an origin with a user in it", { Origin: "http://x@worker.test" }],
    ])("are rejected for a page of %s, before its key is checked", async (_site, headers) => {
      const { request } = await start({ writes: true, auth });
      for (const [method, path] of writes) {
        expect(outcome(await request(method, path, headers))).toEqual([403, "forbidden"]);
        expect(
          outcome(await request(method, path, { ...headers, "X-API-Key": writer.key })),
        ).toEqual([403, "forbidden"]);
      }
      expect(worker.writes).toBe(0);
      expect((await request("GET", "/health", headers)).status).toBe(200);
    });

    it("are all operations but reads, whatever access JavaScript gave them", async () => {
      const [, path] = writes[0];
      const cleared = { ...operations.templates_cache_clear, access: "Write" as "write" };
      server = await serve({ templates_cache_clear: cleared }, { writes: true });
      const headers = { "Sec-Fetch-Site": "cross-site" };
      expect(outcome(await server.request("DELETE", path, headers))).toEqual([403, "forbidden"]);
    });

    it.each([
      ["a page of its own", { "Sec-Fetch-Site": "same-origin", Origin: "http://worker.test" }],
      ["a page of its own, by an old browser", { Origin: "http://WORKER.test" }],
      ["its user, by the address bar", { "Sec-Fetch-Site": "none" }],
    ])("are done for %s", async (_site, headers) => {
      const { request } = await start({ writes: true });
      expect((await request("DELETE", "/templates/cache", headers)).status).toBe(200);
    });
  });

  describe("authentication", () => {
    const details = [
      "/health/detailed",
      "/metrics/worker",
      "/templates",
      "/templates?limit=x",
      "/templates/cache/stats",
      template,
      "/config",
    ];
    const probes = ["/health", "/health/ready", "/metrics"];

    it.each([
      ["no key", {}],
      ["a wrong key", { "X-API-Key": "reader-key-2" }],
      ["the beginning of a key", { "X-API-Key": "reader-key" }],
      ["a key and more", { "X-API-Key": "reader-key-1x" }],
      ["an empty key", { "X-API-Key": "" }],
      ["two keys", { "X-API-Key": `${reader.key}, ${writer.key}` }],
      ["a key elsewhere", { Authorization: reader.key }],
      ["a key of another scheme", { Authorization: `Basic ${reader.key}` }],
      [
        "a wrong key beside a right one",
        { "X-API-Key": "x", Authorization: `Bearer ${reader.key}` },
      ],
    ])("with %s is a 401 on everything but the probes", async (_what, headers) => {
      const { request } = await start({ auth, writes: true });
      for (const path of details) {
        const rejected = await request("GET", path, headers);
        expect(outcome(rejected)).toEqual([401, "unauthorized"]);
        expect(rejected.headers["www-authenticate"]).toBe('ApiKey header="X-API-Key", Bearer');
      }
      for (const path of [...details, ...probes]) {
        const other = `${path.split("?")[0] ?? ""}/?x=1`;
        expect((await request("GET", other, headers)).status).toBe(
          probes.includes(path) ? 200 : 401,
        );
      }
      for (const [method, path] of writes)
        expect(outcome(await request(method, path, headers))).toEqual([401, "unauthorized"]);
      expect(worker.writes).toBe(0);
    });

    it("is no way around by dots, slashes or case", async () => {
      const { request } = await start({ auth });
      for (const path of [
        "/health/../config",
        "/health/%2e%2e/config",
        "/CONFIG",
        "/config;/health",
        "/health/config",
      ]) {
        expect((await request("GET", path)).status).toBe(statusOfUnknown);
      }
      expect((await request("HEAD", "/templates")).status).toBe(401);
    });

    it("lets a key do only what its rights allow", async () => {
      const { request } = await start({ auth, writes: true });
      const withKey = (method: string, path: string, key: string) =>
        request(method, path, { "x-api-key": key });
      expect((await withKey("GET", "/templates", reader.key)).status).toBe(200);
      expect((await withKey("GET", "/templates", writer.key)).status).toBe(200);
      expect(outcome(await withKey("DELETE", "/templates/cache", reader.key))).toEqual([
        403,
        "forbidden",
      ]);
      expect((await withKey("DELETE", "/templates/cache", writer.key)).status).toBe(200);
      expect(worker.writes).toBe(1);
    });

    it("offers no write without opt-in", async () => {
      const { request } = await start({ auth });
      const rejected = await request("DELETE", "/templates/cache", { "X-API-Key": writer.key });
      expect(outcome(rejected)).toEqual([403, "cache_operations_disabled"]);
    });

    it("covers the probes if they are protected", async () => {
      const { request } = await start({ auth: { ...auth, protectProbes: true } });
      for (const path of probes) {
        expect((await request("GET", path)).status).toBe(401);
        expect((await request("GET", path, { "X-API-Key": reader.key })).status).toBe(200);
      }
    });

    it("accepts a key as a bearer token too", async () => {
      const { request } = await start({ auth });
      for (const scheme of ["Bearer", "bearer"]) {
        const authorization = `${scheme} ${reader.key}`;
        expect((await request("GET", "/templates", { authorization })).status).toBe(200);
      }
    });

    it("accepts a key without a scheme if the header is Authorization", async () => {
      const { request } = await start({ auth: { ...auth, header: "Authorization" } });
      for (const scheme of ["Bearer ", "bearer ", ""]) {
        expect(
          (await request("GET", "/templates", { authorization: `${scheme}${reader.key}` })).status,
        ).toBe(200);
      }
      expect(
        (await request("GET", "/templates", { authorization: `Basic ${reader.key}` })).status,
      ).toBe(401);
    });

    it("never shows a key", async () => {
      const { request } = await start({ auth });
      const rejected = await request("GET", "/templates", { "X-API-Key": "wrong-key-9" });
      expect(`${JSON.stringify(rejected.headers)}${rejected.body}`).not.toMatch(
        /wrong-key|reader-key|writer-key|dashboard|deployer/,
      );
    });

    it("comes from a policy that is shared with other transports as well", async () => {
      const { request } = await start({
        auth,
        policy: createAccessPolicy({ httpAuth: true, httpGroups: ["templates"] }),
      });
      expect((await request("GET", "/templates")).status).toBe(401);
      expect((await request("GET", "/templates", { "X-API-Key": reader.key })).status).toBe(200);
      expect((await request("GET", "/config")).status).toBe(statusOfUnknown);
    });
  });

  it("answers 503 before the worker started and after it stopped, and works while it drains", async () => {
    const { operations: early } = createSampleWorker({ lifecycle: "created" });
    server = await serve(early);
    expect(outcome(await server.request("GET", "/health"))).toEqual([503, "worker_not_running"]);
    await server.close();
    const { worker: draining, operations: late } = createSampleWorker({ lifecycle: "draining" });
    server = await serve(late);
    expect((await server.request("GET", "/health")).status).toBe(200);
    draining.context.lifecycle.become("stopped");
    const { status, body } = await server.request("GET", "/templates?limit=x");
    expect([status, JSON.parse(body).message]).toEqual([503, "Worker system not running"]);
  });
});
