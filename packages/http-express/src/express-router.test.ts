import express, { type Express } from "express";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createObservabilityRouter } from "./express-router.js";
import { serveApp, serverHarnesses } from "./testing/server-harness.js";
import { sendRequest } from "./testing/raw-http.js";
import { createSampleWorker } from "./testing/sample-operations.js";

function appWith(arrange: (app: Express) => void): Express {
  const app = express();
  arrange(app);
  app.use(createObservabilityRouter(createSampleWorker().operations));
  return app;
}

describe.each(serverHarnesses.filter(({ name }) => name.includes("router")))(
  "$name",
  ({ serve }) => {
    it("leaves the application's own routes alone, before and after it", async () => {
      const served = await serve(createSampleWorker().operations);
      onTestFinished(() => served.close());
      for (const path of ["/before", "/after"]) {
        const { status, body, headers } = await sendRequest(served.port, `GET ${path}`);
        expect([status, body]).toEqual([200, "the app's own"]);
        expect(headers).not.toHaveProperty("x-request-id");
      }
    });

    it("does not answer outside its mount path", async () => {
      const served = await serve(createSampleWorker().operations);
      onTestFinished(() => served.close());
      const { status } = await sendRequest(served.port, "GET /health");
      expect(status).toBe(served.mount === "" ? 200 : 418);
    });
  },
);

it("may be mounted twice in one application, with different rights", async () => {
  const { operations } = createSampleWorker();
  const app = express();
  app.use("/public", createObservabilityRouter(operations, { groups: ["health"] }));
  app.use("/internal", createObservabilityRouter(operations, { writes: true }));
  const port = await serveApp(app);
  expect((await sendRequest(port, "GET /public/health")).status).toBe(200);
  expect((await sendRequest(port, "DELETE /public/templates/cache")).status).toBe(404);
  expect((await sendRequest(port, "DELETE /internal/templates/cache")).status).toBe(200);
});

it("needs no Express: anything that calls middleware will do", async () => {
  const router = createObservabilityRouter(createSampleWorker().operations);
  const port = await serveApp((request, response) => {
    router(request, response, () => response.writeHead(418).end());
  });
  expect((await sendRequest(port, "GET /health")).status).toBe(200);
  expect((await sendRequest(port, "GET /other")).status).toBe(418);
});

it("calls next without an argument and without touching the response", () => {
  const next = vi.fn();
  const untouchable = new Proxy(
    {},
    {
      get: () => {
        throw new Error("touched");
      },
    },
  );
  createObservabilityRouter({})(
    { url: "/other", method: "GET", headers: {} } as never,
    untouchable as never,
    next,
  );
  expect(next.mock.calls).toEqual([[]]);
});

it("replaces headers that other middleware has set, instead of doubling them", async () => {
  const app = appWith((before) =>
    before.use((_request, response, next) => {
      response.setHeader("x-content-type-options", "something");
      response.setHeader("cache-control", "public");
      response.setHeader("x-frame-options", "DENY");
      next();
    }),
  );
  const { headers } = await sendRequest(await serveApp(app), "GET /health");
  expect(headers).toMatchObject({
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
});

it("suits middleware that rewrites the response's head on its way out", async () => {
  const app = appWith((before) =>
    before.use((_request, response, next) => {
      const writeHead = response.writeHead.bind(response);
      // What response-time, compression and sessions do: look at the status and headers set so far, and add one.
      response.writeHead = (status: number, ...rest: unknown[]) => {
        expect(rest.filter((argument) => argument !== undefined)).toEqual([]);
        response.setHeader("x-seen", `${status} ${String(response.getHeader("content-type"))}`);
        return writeHead(status);
      };
      next();
    }),
  );
  const { headers, body } = await sendRequest(await serveApp(app), "GET /health");
  expect(headers).toMatchObject({
    "x-seen": "200 application/json",
    "content-length": String(body.length),
  });
});

it("stays silent if somebody else has answered meanwhile", async () => {
  const app = express();
  app.use((_request, response, next) => {
    next();
    response.status(503).send("too slow for us");
  });
  const logger = vi.fn();
  app.use(createObservabilityRouter(createSampleWorker({ logger }).operations));
  const { status, body } = await sendRequest(await serveApp(app), "GET /health");
  expect([status, body]).toEqual([503, "too slow for us"]);
  expect(logger).not.toHaveBeenCalled();
});

it("does not wait for a body that a parser has read already", async () => {
  const app = appWith((before) => before.use(express.text({ type: () => true })));
  const head = { "Transfer-Encoding": "chunked", "Content-Type": "text/plain" };
  const { status } = await sendRequest(
    await serveApp(app),
    "POST /templates/a/b/1/validate",
    head,
    "3\r\nabc\r\n0\r\n\r\n",
  );
  expect(status).toBe(200);
});

it("ends the request if not even an error can be sent, and continues", async () => {
  const { operations } = createSampleWorker();
  const ids = ["bad\nid", "good-id"];
  const app = express();
  app.use(createObservabilityRouter(operations, { makeRequestId: () => ids.shift() ?? "" }));
  const port = await serveApp(app);
  expect((await sendRequest(port, "GET /health")).status).toBeNaN();
  expect((await sendRequest(port, "GET /health")).headers["x-request-id"]).toBe("good-id");
});

it("logs the id of a request that failed, beside the operation's name", async () => {
  const lines: unknown[][] = [];
  const { operations } = createSampleWorker({ logger: (...line) => void lines.push(line) });
  const port = await serveApp(express().use(createObservabilityRouter(operations)));
  await sendRequest(port, "GET /health/detailed", { "X-Request-Id": "r-7" });
  expect(lines).toContainEqual([
    "warn",
    "request failed",
    { request_id: "r-7", operation: "health_detailed", error: "INTERNAL" },
  ]);
});

it("stamps errors with the worker's clock", async () => {
  const { operations } = createSampleWorker({
    clock: { wallMs: () => 0, monotonicMs: () => 0, after: () => () => undefined },
  });
  const port = await serveApp(express().use(createObservabilityRouter(operations)));
  const { body } = await sendRequest(port, "GET /templates?limit=x");
  expect(JSON.parse(body).timestamp).toBe("1970-01-01T00:00:00.000Z");
});
