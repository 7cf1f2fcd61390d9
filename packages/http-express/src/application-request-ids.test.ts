import { type IncomingMessage, type ServerResponse } from "node:http";
import express from "express";
import { describe, expect, it } from "vitest";
import { createObservabilityRouter } from "./express-router.js";
import { serveApp } from "./testing/server-harness.js";
import { sendRequest } from "./testing/raw-http.js";
import { createSampleWorker } from "./testing/sample-operations.js";

describe("the id of a request", () => {
  type Name = (request: IncomingMessage & { id?: unknown }, response: ServerResponse) => void;
  async function idsOf(name: Name) {
    const app = express();
    app.use((request, response, next) => {
      name(request, response);
      next();
    });
    app.use(
      createObservabilityRouter(createSampleWorker().operations, { makeRequestId: () => "made" }),
    );
    const { headers, body } = await sendRequest(await serveApp(app), "GET /templates?limit=x", {
      "X-Request-Id": "caller",
    });
    return [headers["x-request-id"], (JSON.parse(body) as { request_id: unknown }).request_id];
  }

  it.each<[string, Name, string]>([
    ["response header", (_, response) => response.setHeader("X-Request-ID", "app-1"), "app-1"],
    ["`request.id`", (request) => (request.id = "app-2"), "app-2"],
    ["count", (request) => (request.id = 7), "7"],
    [
      "response header before its `request.id`",
      (request, response) => {
        request.id = "other";
        response.setHeader("x-request-id", "app-3");
      },
      "app-3",
    ],
  ])("is the application's %s", async (_what, name, id) => {
    expect(await idsOf(name)).toEqual([id, id]);
  });

  it.each<[string, unknown]>([
    ["spaces", "a b"],
    ["a line break", "a\nb: c"],
    ["markup", "<script>"],
    ["nothing", ""],
    ["too much", "x".repeat(129)],
    ["an object", { toString: () => "app" }],
    ["a list", ["app"]],
    ["null", null],
  ])("is the caller's where the application's contains %s", async (_what, id) => {
    expect(await idsOf((request) => Object.assign(request, { id }))).toEqual(["caller", "caller"]);
  });

  it("replaces a response header that is not fit to be echoed", async () => {
    expect(await idsOf((_, response) => response.setHeader("X-Request-Id", "<b>"))).toEqual([
      "caller",
      "caller",
    ]);
    expect(await idsOf((_, response) => response.setHeader("X-Request-Id", ["a", "b"]))).toEqual([
      "caller",
      "caller",
    ]);
  });

  it("is made from the request if none was given", async () => {
    const { operations } = createSampleWorker();
    const makeRequestId = (request: IncomingMessage): string => `of-${request.method ?? ""}`;
    const port = await serveApp(
      express().use(createObservabilityRouter(operations, { makeRequestId })),
    );
    expect((await sendRequest(port, "GET /health")).headers["x-request-id"]).toBe("of-GET");
  });
});
