import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createFakeClock } from "@tasker-observability/testkit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PROMETHEUS_TEXT } from "../media-types.js";
import { createMetricsService } from "../metrics-service.js";
import { createTestWorker } from "../testing/test-worker.js";
import { pushMetrics } from "./push-metrics.js";
import { startPush } from "../testing/start-push.js";

interface Gateway {
  readonly url: string;
  readonly requests: {
    readonly method: string | undefined;
    readonly path: string | undefined;
    readonly headers: IncomingMessage["headers"];
    readonly body: string;
  }[];
}

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** An HTTP server in the place of a gateway, for what a real one cannot be made to do. */
async function startGateway(
  respond: RequestListener = (_, response) => response.writeHead(202).end(),
): Promise<Gateway> {
  const requests: Gateway["requests"] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      requests.push({ method: request.method, path: request.url, headers: request.headers, body });
      respond(request, response);
    });
  });
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

describe("pushMetrics", () => {
  it("pushes under the job and the worker's id, immediately and after every interval", async () => {
    const gateway = await startGateway();
    const { clock, stop } = startPush(`${gateway.url}/prefix/`, { intervalMs: 1_000 });
    await vi.waitFor(() => expect(gateway.requests).toHaveLength(1));
    expect(gateway.requests[0]).toMatchObject({
      method: "PUT",
      path: "/prefix/metrics/job/tasker_worker/instance/orders-1",
      headers: { "content-type": PROMETHEUS_TEXT },
      body: expect.stringContaining("tasker_worker_uptime_seconds 0\n"),
    });
    await vi.waitFor(() => expect(clock.pendingTimers()).toBe(1));
    await clock.advance(1_000);
    await vi.waitFor(() => expect(gateway.requests).toHaveLength(2));
    expect(gateway.requests[1]?.body).toContain("tasker_worker_uptime_seconds 1\n");
    await stop();
  });

  it("deletes its metrics once when it is stopped, and pushes no more", async () => {
    const gateway = await startGateway();
    const { clock, stop } = startPush(gateway.url);
    await Promise.all([stop(), stop()]);
    await clock.advance(60_000);
    expect(gateway.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "PUT /metrics/job/tasker_worker/instance/orders-1",
      "DELETE /metrics/job/tasker_worker/instance/orders-1",
    ]);
    expect(clock.pendingTimers()).toBe(0);
  });

  it("sends user-info as credentials, and never logs it", async () => {
    const gateway = await startGateway((_, response) =>
      response.writeHead(401).end("no: user:p@ss"),
    );
    const url = gateway.url.replace("http://", "http://user:p%40ss@");
    const { logged, stop } = startPush(url);
    await stop();
    expect(gateway.requests[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from("user:p@ss").toString("base64")}`,
    );
    expect(logged).toEqual([
      { level: "warn", message: "metrics could not be pushed", fields: { reason: "status 401" } },
      {
        level: "warn",
        message: "pushed metrics could not be deleted",
        fields: { reason: "status 401" },
      },
    ]);
    expect(JSON.stringify(logged)).not.toMatch(/user|p@ss|p%40ss/);
  });

  it.each([301, 302, 303, 304, 307, 308])(
    "logs a redirect with %i, and does not follow it",
    async (status) => {
      const elsewhere = await startGateway();
      const gateway = await startGateway((_, response) =>
        response.writeHead(status, { location: `${elsewhere.url}/metrics` }).end(),
      );
      const { logged, stop } = startPush(gateway.url);
      await stop();
      expect(logged).toEqual([
        {
          level: "warn",
          message: "metrics could not be pushed",
          fields: { reason: `status ${status}` },
        },
        {
          level: "warn",
          message: "pushed metrics could not be deleted",
          fields: { reason: `status ${status}` },
        },
      ]);
      expect(gateway.requests.map(({ method }) => method)).toEqual(["PUT", "DELETE"]);
      expect(elsewhere.requests).toEqual([]);
    },
  );

  it("does not log the address when the connection is refused", async () => {
    const { logged, stop } = startPush("http://user:secret@127.0.0.1:1");
    await stop();
    expect(logged[0]).toEqual({
      level: "warn",
      message: "metrics could not be pushed",
      fields: { reason: "ECONNREFUSED" },
    });
    expect(JSON.stringify(logged)).not.toContain("secret");
  });

  it("logs the first failure and the recovery, not every failure", async () => {
    let status = 500;
    const gateway = await startGateway((_, response) => response.writeHead(status).end());
    const { clock, logged, stop } = startPush(gateway.url, { intervalMs: 1_000 });
    for (const next of [500, 202, 202]) {
      await vi.waitFor(() => expect(clock.pendingTimers()).toBe(1));
      status = next;
      await clock.advance(1_000);
    }
    await stop();
    expect(logged.map(({ level, message }) => `${level} ${message}`)).toEqual([
      "warn metrics could not be pushed",
      "info metrics are pushed again",
    ]);
  });

  it.each<[string, RequestListener]>([
    ["never answers", () => undefined],
    [
      "stops in the middle of its answer",
      (_, response) => response.writeHead(202, { "content-length": "100" }).write("x"),
    ],
  ])("times out on a gateway that %s, and still stops", async (_, respond) => {
    const gateway = await startGateway(respond);
    const { clock, logged, stop } = startPush(gateway.url, { timeoutMs: 300 });
    await vi.waitFor(() => expect(gateway.requests).toHaveLength(1));
    await clock.advance(300);
    const stopped = stop();
    await vi.waitFor(() => expect(gateway.requests).toHaveLength(2));
    await clock.advance(300);
    await stopped;
    expect(logged.map(({ fields }) => fields)).toEqual([
      { reason: "timeout after 300 ms" },
      { reason: "timeout after 300 ms" },
    ]);
  });

  it("logs that the service is closed", async () => {
    const gateway = await startGateway();
    const worker = createTestWorker(createFakeClock());
    const service = createMetricsService({ context: worker.context });
    service.close();
    await pushMetrics({ service, url: gateway.url }).stop();
    expect(worker.logged).toEqual([
      {
        level: "warn",
        message: "metrics could not be pushed",
        fields: { reason: "WORKER_NOT_RUNNING" },
      },
    ]);
  });

  it.each([
    ["a/b", "/instance%40base64/YS9i"],
    ["..", "/instance%40base64/Li4"],
    ["ä b", "/instance%40base64/w6QgYg"],
    ["\ud800", "/instance%40base64/77-9"],
  ])("carries the worker's id %j in a path", async (workerId, path) => {
    const gateway = await startGateway();
    await startPush(gateway.url, {}, workerId).stop();
    expect(gateway.requests[0]?.path).toBe(`/metrics/job/tasker_worker${path}`);
  });

  it("carries an empty value of a group in a path", async () => {
    const gateway = await startGateway();
    await startPush(gateway.url, { groupings: { instance: "" } }).stop();
    expect(gateway.requests[0]?.path).toBe("/metrics/job/tasker_worker/instance%40base64/%3D");
  });
});
