import { gzipSync } from "node:zlib";
import express from "express";
import { describe, expect, it, onTestFinished } from "vitest";
import type { DashboardFile } from "./dashboard.js";
import { createObservabilityRouter } from "./express-router.js";
import type { HttpOptions } from "./http-options.js";
import { sendRequest } from "./testing/raw-http.js";
import { createSampleWorker } from "./testing/sample-operations.js";
import { serveApp, serverHarnesses } from "./testing/server-harness.js";

const asBrowser = { Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };
const keys = [{ name: "reader", key: "key-1", rights: ["read" as const] }];

function file(contentType: string, text: string): DashboardFile {
  const body = Buffer.from(text);
  return { contentType, etag: `"${text.length}"`, body, gzip: gzipSync(body) };
}

const dashboard = new Map([
  ["/", file("text/html; charset=utf-8", "<!doctype html><script src=./assets/page.js></script>")],
  ["/assets/page.js", file("text/javascript; charset=utf-8", "document.title = 'worker';")],
]);

describe.each(serverHarnesses)("$name", ({ serve, statusOfUnknown }) => {
  async function start(options: HttpOptions = {}) {
    const { operations } = createSampleWorker();
    const server = await serve(operations, { requestTimeoutMs: 200, dashboard, ...options });
    onTestFinished(() => server.close());
    const get = (path: string, headers?: Record<string, string>, method = "GET") =>
      server.request(method, path, headers);
    return { server, get };
  }

  it("answers / with the page where a browser asks", async () => {
    const { get } = await start();
    const { status, headers, body } = await get("/", asBrowser);
    expect([status, body]).toEqual([200, expect.stringMatching(/^<!doctype html>/)]);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-request-id": expect.any(String),
      vary: "Accept, Accept-Encoding",
    });
    expect(headers).not.toHaveProperty("set-cookie");
    expect((await get("/?from=mail", asBrowser)).body).toBe(body);
  });

  it("answers / with an index of the endpoints where a program asks", async () => {
    const { get } = await start({ groups: ["health", "templates", "dashboard"] });
    const { status, headers, body } = await get("/");
    expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
    const { key_header, endpoints } = JSON.parse(body) as {
      readonly key_header: string | null;
      readonly endpoints: readonly { readonly operation: string }[];
    };
    expect(key_header).toBeNull();
    expect(endpoints).toContainEqual({
      ...{ method: "GET", path: "/health/ready", operation: "health_ready" },
      ...{ group: "health", access: "read", enabled: true, summary: expect.any(String) },
    });
    expect(endpoints.find(({ operation }) => operation === "templates_cache_clear")).toMatchObject({
      ...{ method: "DELETE", path: "/templates/cache", access: "write", enabled: false },
    });
    expect(endpoints.map(({ operation }) => operation)).not.toContain("config_runtime");
  });

  it("answers HEAD, and 405 to what changes something", async () => {
    const { get } = await start();
    const page = await get("/", asBrowser);
    const head = await get("/", asBrowser, "HEAD");
    expect([head.status, head.headers["content-length"], head.body]).toEqual([
      ...[200, page.headers["content-length"], ""],
    ]);
    const { status, headers } = await get("/", asBrowser, "POST");
    expect([status, headers.allow]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });

  it("answers 304 to a browser that has the file", async () => {
    const { get } = await start();
    const { etag = "" } = (await get("/assets/page.js")).headers;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const { status, headers, body } = await get("/assets/page.js", { "If-None-Match": known });
      expect([status, headers.etag, body]).toEqual([304, etag, ""]);
    }
    expect((await get("/assets/page.js", { "If-None-Match": '"other"' })).status).toBe(200);
  });

  it("lets browsers keep what the page loads, whose names change with the bytes", async () => {
    const { get } = await start();
    const { headers, body } = await get("/assets/page.js");
    expect(headers).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "content-type": "text/javascript; charset=utf-8",
    });
    expect(body).toBe("document.title = 'worker';");
    expect((await get("/assets/other.js")).status).toBe(statusOfUnknown);
    expect((await get("/assets/")).status).toBe(statusOfUnknown);
  });

  it("sends the page and its files without a key, and says in the index which header has it", async () => {
    const { get } = await start({ auth: { keys, header: "X-Ops" } });
    expect((await get("/", asBrowser)).status).toBe(200);
    expect((await get("/assets/page.js")).status).toBe(200);
    expect(JSON.parse((await get("/")).body)).toMatchObject({ key_header: "X-Ops" });
    expect((await get("/templates")).status).toBe(401);
  });

  it("has neither page nor index where their group is off", async () => {
    const { get } = await start({ groups: ["health"] });
    for (const path of ["/", "/assets/page.js"])
      expect((await get(path, asBrowser)).status).toBe(statusOfUnknown);
  });

  it("refuses a host that is not allowed", async () => {
    const { get } = await start({ allowedHosts: ["other.test"] });
    for (const path of ["/", "/assets/page.js"])
      expect((await get(path, { ...asBrowser, Host: "evil.test" })).status).toBe(403);
  });
});

describe("a router at a mount path", () => {
  it("sends the browser to where the page's relative URLs are right", async () => {
    const app = express();
    app.use(
      "/internal/obs",
      createObservabilityRouter(createSampleWorker().operations, { dashboard }),
    );
    const port = await serveApp(app);
    const { status, headers } = await sendRequest(port, "GET /internal/obs?a=b", asBrowser);
    expect([status, headers.location]).toEqual([308, "./obs/?a=b"]);
    expect((await sendRequest(port, "GET /internal/obs/?a=b", asBrowser)).status).toBe(200);
    expect((await sendRequest(port, "GET /internal/obs")).status).toBe(200);
  });

  it("leaves / to the application that it is mounted in, unless it was given a page", async () => {
    const { operations } = createSampleWorker();
    const app = express();
    app.use(createObservabilityRouter(operations));
    app.get("/", (_request, response) => void response.send("the shop"));
    expect((await sendRequest(await serveApp(app), "GET /", asBrowser)).body).toBe("the shop");
  });
});

describe("the files of a page", () => {
  it("are compressed for those who can read it", async () => {
    const app = express();
    app.use("/obs", createObservabilityRouter(createSampleWorker().operations, { dashboard }));
    const url = `http://127.0.0.1:${await serveApp(app)}/obs/assets/page.js`;
    const zipped = await fetch(url, { headers: { "Accept-Encoding": "br, gzip" } });
    expect(zipped.headers.get("content-encoding")).toBe("gzip");
    expect(zipped.headers.get("content-length")).toBe(
      String(dashboard.get("/assets/page.js")?.gzip.byteLength),
    );
    expect(await zipped.text()).toBe("document.title = 'worker';");
  });

  it("are refused where they are something else", () => {
    const { operations } = createSampleWorker();
    for (const wrong of [{}, new Map(), new Map([["/", "<html>"]])])
      expect(() => createObservabilityRouter(operations, { dashboard: wrong as never })).toThrow(
        "dashboard must be dashboardFiles of @tasker-observability/dashboard.",
      );
  });
});
