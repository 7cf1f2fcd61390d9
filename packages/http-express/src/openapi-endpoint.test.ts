import { describe, expect, it, onTestFinished } from "vitest";
import type { HttpOptions } from "./http-options.js";
import type { OpenApiDocument } from "./openapi.js";
import { createSampleWorker, type SampleWorker } from "./testing/sample-operations.js";
import { type RunningServer, serverHarnesses } from "./testing/server-harness.js";

const keys = [
  { name: "reader", key: "key-1", rights: ["read" as const] },
  { name: "writer", key: "key-2", rights: ["write" as const] },
];
const asReader = { "X-API-Key": "key-1" };

describe.each(serverHarnesses)("$name", ({ serve, statusOfUnknown }) => {
  async function start(options: HttpOptions = {}) {
    const sample = createSampleWorker();
    const server = await serve(sample.operations, { requestTimeoutMs: 200, ...options });
    onTestFinished(() => server.close());
    return { ...sample, server };
  }

  it("describes its endpoints at /openapi.json, and where they are", async () => {
    const { server } = await start();
    const { status, headers, body } = await server.request("GET", "/openapi.json");
    expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
    expect(JSON.parse(body)).toMatchObject({
      openapi: "3.1.0",
      servers: [{ url: server.mount === "" ? "/" : server.mount }],
      paths: { "/health": expect.anything() },
    });
    const again = await server.request("GET", "/openapi.json?now");
    expect(again.body).toBe(body);
    const head = await server.request("HEAD", "/openapi.json");
    expect([head.status, head.headers["content-length"]]).toEqual([200, headers["content-length"]]);
    expect((await server.request("POST", "/openapi.json")).status).toBe(405);
  });

  it("leaves it out if its group is off", async () => {
    const { server } = await start({ groups: ["health"] });
    expect((await server.request("GET", "/openapi.json")).status).toBe(statusOfUnknown);
  });

  it("asks for the key that the other endpoints need", async () => {
    const { server } = await start({ auth: { keys } });
    expect((await server.request("GET", "/openapi.json")).status).toBe(401);
    const { status, body } = await server.request("GET", "/openapi.json", asReader);
    expect(status).toBe(200);
    expect(body).not.toMatch(/key-\d/);
  });

  it("has the status of each answer", async () => {
    const { server, worker } = await start({ auth: { keys }, writes: true });
    const described = await server.request("GET", "/openapi.json", asReader);
    const { paths } = JSON.parse(described.body) as OpenApiDocument;
    const seen = new Set<number>();
    for (const call of calls) {
      call.before?.(worker);
      const [method, path] = call.request;
      const { status } = await askFor(server, call);
      expect(paths[call.path ?? path]).toHaveProperty([
        method.toLowerCase(),
        "responses",
        String(status),
      ]);
      seen.add(status);
    }
    expect([...seen].sort()).toEqual([200, 400, 401, 403, 404, 413, 500, 502, 503, 504]);
  });
});

interface SampleCall {
  readonly request: readonly [method: string, path: string];
  /** Its path in the document. @default that of the request */
  readonly path?: string;
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly before?: (worker: SampleWorker) => void;
}

const template = "/templates/{namespace}/{name}/{version}";
const refresh = `${template}/refresh`;
const sampleRefresh = "/templates/a/b/1/refresh";

/** A call for each status that there is. */
const calls: readonly SampleCall[] = [
  { request: ["GET", "/health"] },
  { request: ["GET", "/templates/a/b/%ff"], path: template },
  { request: ["GET", "/templates/a/b/1"], path: template, key: null },
  { request: ["GET", "/templates/a/b/1"], path: template, key: "key-2" },
  { request: ["GET", "/templates/missing/b/1"], path: template },
  { request: ["GET", "/health"], headers: { "Content-Length": "100000" } },
  { request: ["GET", "/health/detailed"] },
  {
    request: ["POST", sampleRefresh],
    path: refresh,
    key: "key-2",
    before: (worker) => (worker.refresh = "upstream_failed"),
  },
  {
    request: ["POST", sampleRefresh],
    path: refresh,
    key: "key-2",
    before: (worker) => (worker.refresh = "not_found"),
  },
  { request: ["GET", "/health/ready"], before: (worker) => (worker.ready = false) },
  { request: ["GET", "/config"] },
];

function askFor({ request }: RunningServer, { request: line, key = "key-1", headers }: SampleCall) {
  return request(...line, { ...(key === null ? {} : { "X-API-Key": key }), ...headers });
}
