import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { serverHarnesses, type RunningServer } from "./testing/server-harness.js";
import { createSampleWorker, openMetrics, plainText } from "./testing/sample-operations.js";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const template = "/templates/payments/charge/1.0.0";

describe.each(serverHarnesses)("$name", ({ serve, statusOfUnknown }) => {
  const { worker, operations } = createSampleWorker();
  let served: RunningServer;
  beforeAll(async () => {
    served = await serve(operations, { writes: true, requestTimeoutMs: 200 });
  });
  afterAll(() => served.close());
  beforeEach(() => {
    worker.ready = true;
    worker.refresh = "ok";
    worker.writes = 0;
    worker.scrapeBudgets.length = 0;
  });
  const get = (path: string, headers?: Record<string, string>) =>
    served.request("GET", path, headers);

  it("answers with the operation's JSON and nothing that could be cached, sniffed or styled", async () => {
    const { status, headers, body } = await get("/health");
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      status: "healthy",
      timestamp: expect.any(String),
      worker_id: "worker-1",
    });
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "content-length": String(body.length),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-request-id": expect.stringMatching(uuid),
    });
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  it("counts a body's length in bytes", async () => {
    const { status, headers, body } = await get("/templates?namespace=%C3%BC%F0%9F%92%A1");
    expect(status).toBe(200);
    expect(JSON.parse(body).params.namespace).toBe("ü💡");
    expect(Number(headers["content-length"])).toBe(Buffer.byteLength(body));
  });

  it("answers 503 with the whole result when it says unavailable", async () => {
    worker.ready = false;
    const { status, body } = await get("/health/ready");
    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({
      status: "unhealthy",
      timestamp: expect.any(String),
      worker_id: "worker-1",
    });
  });

  it.each([
    ["not_found", 404],
    ["upstream_failed", 502],
    ["ok", 200],
  ] as const)("gives a result that says %s the status %i", async (verdict, expected) => {
    worker.refresh = verdict;
    const { status, body } = await served.request("POST", `${template}/refresh`);
    expect(status).toBe(expected);
    expect(JSON.parse(body).operation).toBe("template_refresh");
  });

  describe("the method", () => {
    it.each(["/health", "/templates?limit=1", "/metrics", template])(
      "HEAD of %s is GET without the body",
      async (path) => {
        const [head, whole] = [await served.request("HEAD", path), await get(path)];
        expect(head.body).toBe("");
        expect(whole.body).not.toBe("");
        const fixed = {
          "content-length": whole.headers["content-length"],
          "content-type": whole.headers["content-type"],
        };
        expect(head).toMatchObject({ status: 200, headers: fixed });
      },
    );

    it("HEAD of an error has no body either", async () => {
      const { status, headers, body } = await served.request("HEAD", "/templates?limit=x");
      expect([status, body]).toEqual([400, ""]);
      expect(Number(headers["content-length"])).toBeGreaterThan(0);
    });

    it.each([
      ["/health", "GET, HEAD, OPTIONS"],
      ["/templates/cache", "DELETE, OPTIONS"],
      ["/templates/cache/", "DELETE, OPTIONS"],
      [template, "GET, HEAD, OPTIONS"],
      [`${template}/validate`, "GET, HEAD, POST, OPTIONS"],
      [`${template}/refresh`, "POST, OPTIONS"],
    ])("OPTIONS of %s is 204 and allows %s", async (path, allow) => {
      const { status, headers, body } = await served.request("OPTIONS", path);
      expect([status, headers.allow, body]).toEqual([204, allow, ""]);
      expect(headers).not.toHaveProperty("content-length");
    });

    it.each([
      ["POST", "/health"],
      ["DELETE", "/health/ready"],
      ["TRACE", "/health"],
      ["PROPFIND", "/metrics"],
      ["PUT", template],
      ["GET", "/templates/cache"],
      ["GET", `${template}/refresh`],
    ])("%s of %s is a 405 that tells what is allowed", async (method, path) => {
      const { status, headers, body } = await served.request(method, path);
      expect([status, JSON.parse(body).error]).toEqual([405, "method_not_allowed"]);
      expect(headers.allow).toMatch(/OPTIONS$/);
      expect(JSON.parse(body).message).toContain(headers.allow);
    });

    it.each(["POST", "OPTIONS", "TRACE"])(
      "%s of an unknown path is unknown first",
      async (method) => {
        expect((await served.request(method, "/nothing")).status).toBe(statusOfUnknown);
      },
    );

    it("validates a template by GET and by POST", async () => {
      for (const method of ["GET", "POST"]) {
        const { status, body } = await served.request(method, `${template}/validate`);
        expect([status, JSON.parse(body).operation]).toEqual([200, "template_validate"]);
      }
    });
  });

  describe("an error", () => {
    it("carries code, message, time and the request's id, and nothing of the inside", async () => {
      const { status, headers, body } = await get("/health/detailed");
      expect(status).toBe(500);
      expect(JSON.parse(body)).toEqual({
        error: "internal",
        message: expect.any(String),
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        request_id: headers["x-request-id"],
      });
      expect(body).not.toMatch(/db\.internal|5432|admin|select|ECONNREFUSED|\bat /);
      expect(headers).toMatchObject({
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      });
    });

    it("of the operation keeps its code", async () => {
      const { status, body } = await get("/templates/missing/x/1");
      expect([status, JSON.parse(body)]).toMatchObject([
        404,
        { error: "template_not_found", message: "No such template." },
      ]);
    });

    it("names an operation whose service was not given", async () => {
      const { status, body } = await get("/metrics/worker");
      expect([status, JSON.parse(body)]).toMatchObject([
        404,
        {
          error: "service_not_installed",
          message: expect.stringMatching(/^Web state not available: .*metrics_worker/),
        },
      ]);
    });

    it("ends a request that takes too long, and aborts its signal", async () => {
      const { status, body } = await get("/config");
      expect([status, JSON.parse(body).error]).toEqual([504, "timeout"]);
      await vi.waitFor(() => expect(worker.hanging.at(-1)?.aborted).toBe(true));
    });
  });

  describe("the request's id", () => {
    it.each([
      ["one of words", "trace-1:span.2_x"],
      ["a single letter", "a"],
      ["one of 128 characters", "x".repeat(128)],
    ])("is the caller's where that is sane: %s", async (_what, id) => {
      const { headers, body } = await get("/metrics/worker", { "X-Request-Id": id });
      expect([headers["x-request-id"], JSON.parse(body).request_id]).toEqual([id, id]);
    });

    it.each([
      ["nothing", ""],
      ["two words", "a b"],
      ["a quoted one", '"x"'],
      ["markup", "<script>"],
      ["two in one", "a,b"],
      ["one of 129 characters", "x".repeat(129)],
    ])("is made where the caller's is not fit to be logged: %s", async (_what, id) => {
      expect((await get("/health", { "X-Request-Id": id })).headers["x-request-id"]).toMatch(uuid);
    });
  });

  describe("the body of a request", () => {
    const chunk = (length: number) => `${length.toString(16)}\r\n${"x".repeat(length)}\r\n`;

    it("is ignored while it is small, with and without a length", async () => {
      expect(
        (await served.request("POST", `${template}/refresh`, { "Content-Length": "3" }, "abc"))
          .status,
      ).toBe(200);
      expect(
        (
          await served.request(
            "POST",
            `${template}/refresh`,
            { "Transfer-Encoding": "chunked" },
            `${chunk(16_384)}0\r\n\r\n`,
          )
        ).status,
      ).toBe(200);
      expect((await served.request("GET", "/health", { "Content-Length": "2" }, "{}")).status).toBe(
        200,
      );
    });

    it.each([
      ["that says so", { "Content-Length": "20000" }, "x".repeat(100)],
      ["that turns out so", { "Transfer-Encoding": "chunked" }, chunk(16_385)],
    ])("%s is too large, is not waited for, and nothing is done", async (_what, headers, body) => {
      const answered = await served.request(
        "POST",
        `${template}/refresh`,
        { ...headers, Connection: "keep-alive" },
        body,
      );
      expect([answered.status, JSON.parse(answered.body).error]).toEqual([
        413,
        "payload_too_large",
      ]);
      expect(answered.headers.connection).toBe("close");
      expect(worker.writes).toBe(0);
    });
  });

  describe("metrics", () => {
    it.each([
      ["no header", undefined, plainText],
      ["*/*", "*/*", plainText],
      ["a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", plainText],
      [
        "Prometheus 2",
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        openMetrics,
      ],
      [
        "an old Prometheus",
        "application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        plainText,
      ],
    ])("come in the format that %s asks for", async (_who, accept, expected) => {
      const { headers, body } = await get(
        "/metrics",
        accept === undefined ? {} : { Accept: accept },
      );
      expect(headers["content-type"]).toBe(expected);
      expect(body.endsWith("# EOF\n")).toBe(expected === openMetrics);
    });

    it("are given a little less time than the scraper waits, and never more than any request", async () => {
      for (const seconds of ["0.1", "10", "soon", "0", "-1"])
        await get("/metrics", { "X-Prometheus-Scrape-Timeout-Seconds": seconds });
      expect(worker.scrapeBudgets).toEqual([90, 200, 200, 200, 200]);
    });
  });
});
