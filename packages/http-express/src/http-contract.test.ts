import { describe, expect, it, vi } from "vitest";
import { serverHarnesses, useSampleServer } from "./testing/server-harness.js";
import { openMetrics, plainText } from "./testing/sample-operations.js";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const template = "/templates/payments/charge/1.0.0";

describe.each(serverHarnesses)("$name", ({ serve }) => {
  const { worker, get, request } = useSampleServer(serve);

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

  it.each(["", "?include_cache_stats=true", "/payments/charge/1.0.0", "/missing/x/1"])(
    "answers /v1/templates%s as /templates",
    async (rest) => {
      const [atRoot, belowV1] = [await get(`/templates${rest}`), await get(`/v1/templates${rest}`)];
      const moving = { timestamp: expect.any(String), request_id: expect.any(String) };
      expect(belowV1.status).toBe(atRoot.status);
      expect({ ...JSON.parse(belowV1.body), ...moving }).toEqual({
        ...JSON.parse(atRoot.body),
        ...moving,
      });
    },
  );

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
    const { status, body } = await request("POST", `${template}/refresh`);
    expect(status).toBe(expected);
    expect(JSON.parse(body).operation).toBe("template_refresh");
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
