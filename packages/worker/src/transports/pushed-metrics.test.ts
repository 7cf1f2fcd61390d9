import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { createWorker } from "../create-worker.js";
import { createWorkerHarness, type WorkerHarness } from "../testing/worker-harness.js";

let harness: WorkerHarness;
beforeAll(async () => {
  harness = await createWorkerHarness();
});
afterAll(() => harness.close());

interface Gateway {
  readonly host: string;
  readonly requests: {
    readonly line: string;
    readonly authorization: string | undefined;
    readonly body: string;
  }[];
}

/** Keeps what is pushed to it. */
async function startGateway(): Promise<Gateway> {
  const requests: Gateway["requests"] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { authorization } = request.headers;
      requests.push({ line: `${request.method} ${request.url}`, authorization, body });
      response.writeHead(202).end();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

it("worker.metrics.push: a worker without a port pushes until it stops, and deletes what it pushed", async () => {
  const { host, requests } = await startGateway();
  const { worker } = await harness.start({
    worker: {
      worker_id: "orders-1",
      web: { enabled: false },
      metrics: { push: { url: `http://${host}/gateway`, job_name: "orders", interval_ms: 20 } },
    },
  });
  const path = "/gateway/metrics/job/orders/instance/orders-1";
  await vi.waitFor(() => expect(requests.length).toBeGreaterThan(1));
  expect(requests[0]).toMatchObject({
    line: `PUT ${path}`,
    body: expect.stringMatching(/^tasker_worker_info\{.*worker_id="orders-1"/m),
  });
  await worker.stop();
  expect(requests.at(-1)?.line).toBe(`DELETE ${path}`);
});

it("metricsPush: its password is sent, and shown nowhere", async () => {
  const { host, requests } = await startGateway();
  const lines: unknown[] = [];
  const worker = await createWorker({
    database: harness.database.url,
    templates: harness.templates,
    metricsPush: { url: `http://pusher:password-of-push@${host}` },
    logger: (...line) => lines.push(line),
  });
  onTestFinished(() => worker.stop());
  await worker.start();
  await vi.waitFor(() => expect(requests).not.toEqual([]));
  expect(requests[0]?.authorization).toBe(
    `Basic ${Buffer.from("pusher:password-of-push").toString("base64")}`,
  );
  const answer = await worker.operations.config_runtime?.run({}, undefined as never);
  expect(JSON.stringify(answer)).toContain("metricsPush");
  expect(JSON.stringify([answer, lines])).not.toContain("password-of-push");
});

it("metricsPush: an address that cannot be one is named, and not repeated", async () => {
  const error: unknown = await createWorker({
    metricsPush: { url: "ftp://pusher:password-of-push@gateway" },
  }).catch((reason: unknown) => reason);
  expect(String(error)).toContain("metricsPush.url must be a whole http or https URL");
  expect(String(error)).not.toContain("password-of-push");
});
