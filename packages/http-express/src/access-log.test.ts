import { afterEach, describe, expect, it } from "vitest";
import type { HttpOptions } from "./http-options.js";
import { createSampleWorker } from "./testing/sample-operations.js";
import { type RunningServer, serverHarnesses } from "./testing/server-harness.js";

const key = "a-key-of-its-own";
const auth = { keys: [{ name: "grafana", key, rights: ["read"] }] } as const;
const writers = { keys: [{ name: "deployer", key, rights: ["read", "write"] }] } as const;
const template = "/templates/payments/charge/1.0.0";

describe.each(serverHarnesses)("the access log of $name", ({ serve }) => {
  let server: RunningServer | undefined;
  afterEach(() => server?.close());
  const start = async (options: HttpOptions) => {
    const lines: Record<string, unknown>[] = [];
    const { operations, worker } = createSampleWorker({
      logger: (level, message, fields) => lines.push({ level, message, ...fields }),
    });
    server = await serve(operations, options);
    return { lines, worker, request: server.request };
  };

  it("names the caller of a write by its key, with what was done and how it ended", async () => {
    const { lines, worker, request } = await start({ writes: true, auth: writers });
    const headers = { "X-API-Key": key, "X-Request-Id": "call-1" };
    await request("POST", `${template}/refresh?x=secret-query`, headers);
    worker.refresh = "not_found";
    await request("POST", `${template}/refresh`, headers);
    const line = {
      level: "info",
      message: "write operation called",
      caller: "deployer",
      transport: "http",
      operation: "template_refresh",
      method: "POST",
      path: "/templates/{namespace}/{name}/{version}/refresh",
      remote_address: "127.0.0.1",
      request_id: "call-1",
    };
    expect(lines).toEqual([
      { ...line, status: 400, error: "invalid_params" },
      { ...line, status: 404, error: null },
    ]);
  });

  it("says that a write was called without a key", async () => {
    const { lines, request } = await start({ writes: true });
    await request("DELETE", "/templates/cache");
    expect(lines).toMatchObject([{ caller: "no key", status: 200, path: "/templates/cache" }]);
  });

  it.each<[string, HttpOptions, Record<string, string>, object]>([
    ["no key", { auth }, {}, { caller: "no key", status: 401, error: "unauthorized" }],
    ["a wrong key", { auth }, { "X-API-Key": "guessed-key" }, { caller: "wrong key", status: 401 }],
    [
      "a key without the right",
      { auth },
      { "X-API-Key": key },
      { caller: "grafana", status: 403, reason: expect.stringContaining("lacks the right") },
    ],
    ["writes switched off", {}, {}, { status: 403, error: "cache_operations_disabled" }],
    [
      "a page of another site",
      { writes: true },
      { Origin: "https://evil.test" },
      { status: 403, reason: expect.stringContaining("another site") },
    ],
    [
      "a host that is not allowed",
      { allowedHosts: ["good.test"] },
      { Host: "evil.test" },
      { status: 403, error: "forbidden", reason: expect.stringContaining("Host") },
    ],
  ])("has a line for a call refused for %s", async (_cause, options, headers, expected) => {
    const { lines, request, worker } = await start(options);
    await request("DELETE", "/templates/cache?token=guessed-key", headers);
    expect(lines).toMatchObject([
      {
        level: "warn",
        message: "call refused",
        operation: "templates_cache_clear",
        method: "DELETE",
        path: "/templates/cache",
        remote_address: "127.0.0.1",
        not_logged_since_last_line: 0,
        ...expected,
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${key}|guessed-key`));
    expect(worker.writes).toBe(0);
  });

  it("has one line for a flood of refused calls of one cause and caller", async () => {
    const { lines, request } = await start({ auth });
    for (let call = 0; call < 8; call += 1) await request("GET", "/templates");
    for (let call = 0; call < 8; call += 1)
      await request("GET", template, { "X-API-Key": `wrong-${call}` });
    expect(lines).toMatchObject([{ caller: "no key" }, { caller: "wrong key" }]);
  });

  it("has no line for reads that are answered, probes and unknown paths", async () => {
    const { lines, request } = await start({ auth });
    await request("GET", "/health");
    await request("GET", "/templates", { "X-API-Key": key });
    await request("GET", "/nothing");
    await request("PUT", "/health");
    expect(lines).toEqual([]);
  });
});
