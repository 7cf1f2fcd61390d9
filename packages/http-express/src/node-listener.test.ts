import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createWorkerContext, operationsFor } from "@tasker-observability/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import {
  createObservabilityListener,
  type ListenerOptions,
  type ObservabilityListener,
} from "./node-listener.js";
import type { ListenOptions } from "./listen-options.js";
import { parseResponse, readToEnd, sendBytes, sendRequest } from "./testing/raw-http.js";
import { createSampleWorker } from "./testing/sample-operations.js";

const keepAliveRequest = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
const lastRequest = "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

const toClose: { readonly close: () => unknown }[] = [];
afterEach(async () => {
  for (const { close } of toClose.splice(0)) await close();
});

async function start(options: ListenerOptions = {}) {
  const listener = createObservabilityListener(createSampleWorker().operations, {
    requestTimeoutMs: 2_000,
    closeTimeoutMs: 50,
    ...options,
  });
  toClose.push(listener);
  return { listener, port: (await listener.listen({ port: 0 })).port };
}

/** An operation that answers when the test says so. */
async function startSlow(options: ListenerOptions = {}) {
  const begun: (() => void)[] = [];
  const health_basic = operationsFor(createWorkerContext(), z.strictObject({}))("health_basic", {
    result: z.string(),
    run: () => new Promise<string>((resolve) => begun.push(() => resolve("done"))),
  });
  const listener = createObservabilityListener(
    { health_basic: { ...health_basic, mediaTypes: ["text/plain"] } },
    options,
  );
  toClose.push(listener);
  return { begun, listener, port: (await listener.listen({ port: 0 })).port };
}

function open(port: number, bytes = ""): Socket {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => undefined);
  toClose.push({ close: () => socket.destroy() });
  if (bytes !== "") socket.write(bytes);
  return socket;
}

describe("an unknown path", () => {
  it("is endpoint_not_found, as JSON like every other error", async () => {
    const { port } = await start();
    const { status, headers, body } = await sendRequest(port, "GET /nothing", {
      "X-Request-Id": "r-1",
    });
    expect(status).toBe(404);
    expect(JSON.parse(body)).toEqual({
      error: "endpoint_not_found",
      message: "This worker has no such endpoint.",
      timestamp: expect.any(String),
      request_id: "r-1",
    });
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
  });
});

describe("listen", () => {
  it("opens the loopback interface by default, and returns the real port", async () => {
    const listener = createObservabilityListener({});
    toClose.push(listener);
    const address = await listener.listen({ port: 0 });
    expect(address).toEqual({
      host: "127.0.0.1",
      port: expect.any(Number),
      url: `http://127.0.0.1:${address.port}`,
    });
    expect((await fetch(`${address.url}/nothing`)).status).toBe(404);
  });

  it("writes an IPv6 address as a URL has it", async () => {
    const listener = createObservabilityListener({});
    toClose.push(listener);
    expect((await listener.listen({ host: "::1", port: 0 })).url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  });

  it("says in one line that a port is in use, and may be tried again", async () => {
    const { port } = await start();
    const second = createObservabilityListener({});
    toClose.push(second);
    await expect(second.listen({ port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: the port is in use.`,
    );
    await expect(second.listen({ port: 0 })).resolves.toMatchObject({ host: "127.0.0.1" });
  });

  it("reports an address that is not this machine's, and an unknown host", async () => {
    const listener = createObservabilityListener({});
    toClose.push(listener);
    await expect(listener.listen({ host: "192.0.2.1", port: 0 })).rejects.toThrow(
      "Cannot listen on 192.0.2.1:0: this machine has no such address.",
    );
    await expect(listener.listen({ host: "nowhere.invalid", port: 0 })).rejects.toThrow(
      /Cannot listen on nowhere\.invalid:0: no such host is known\./,
    );
  });

  it("rejects wrong options with all problems at once, and opens nothing", async () => {
    const listener = createObservabilityListener({});
    toClose.push(listener);
    const wrong = { hostname: "0.0.0.0", host: "", port: "8081" } as unknown as ListenOptions;
    await expect(listener.listen(wrong)).rejects.toMatchObject({
      code: "INVALID_PARAMS",
      message:
        'Unknown option "hostname" of listen. It takes host, port. host must be an IP address or a host name, without a port; leave it out for 127.0.0.1. port must be a whole number from 0 to 65535, not a string.',
    });
    await expect(listener.listen({ port: 0 })).resolves.toMatchObject({ host: "127.0.0.1" });
  });

  it.each<[unknown]>([
    [undefined],
    [null],
    [8081],
    [[]],
    [{}],
    [{ port: undefined }],
    [{ port: null }],
    [{ port: Number.NaN }],
    [{ port: -1 }],
    [{ port: 65_536 }],
    [{ port: 0.5 }],
    [{ port: "" }],
    [{ port: 0, host: null }],
    [{ port: 0, host: " " }],
    [{ port: 0, host: "*" }],
    [{ port: 0, host: "0" }],
    [{ port: 0, host: "localhost:80" }],
    [{ port: 0, host: 0 }],
    [{ path: "/run/orders/http.sock" }],
  ])("rejects %j", async (options) => {
    const listener = createObservabilityListener({});
    toClose.push(listener);
    await expect(listener.listen(options as ListenOptions)).rejects.toMatchObject({
      code: "INVALID_PARAMS",
    });
  });

  it("rejects a second call, and a call after close", async () => {
    const { listener } = await start();
    await expect(listener.listen({ port: 0 })).rejects.toThrow("already listening");
    await listener.close();
    await expect(listener.listen({ port: 0 })).rejects.toThrow("was closed");
  });
});

describe("close", () => {
  it("may be called before listen, twice, and at the same time", async () => {
    const { listener, port } = await start();
    await Promise.all([listener.close(), listener.close()]);
    await listener.close();
    await createObservabilityListener({}).close();
    expect(await sendBytes(port, keepAliveRequest)).toBe("");
  });

  it("waits for a pending listen", async () => {
    const listener = createObservabilityListener({});
    const opening = listener.listen({ host: "localhost", port: 0 });
    await listener.close();
    const { port } = await opening;
    expect(await sendBytes(port, keepAliveRequest)).toBe("");
  });

  it("closes idle connections at once, also those that never sent anything", async () => {
    const { listener, port } = await start({ closeTimeoutMs: 600_000 });
    const [silent, idle] = [open(port), open(port, keepAliveRequest)];
    const ended = Promise.all([readToEnd(silent), readToEnd(idle)]);
    await vi.waitFor(() => expect(idle.bytesRead).toBeGreaterThan(0));
    await listener.close();
    expect((await ended)[1]).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("lets a request in flight finish, as the last on its connection", async () => {
    const { begun, listener, port } = await startSlow({ closeTimeoutMs: 600_000 });
    const ended = readToEnd(open(port, keepAliveRequest));
    await vi.waitFor(() => expect(begun).toHaveLength(1));
    const closed = listener.close();
    begun[0]?.();
    expect(parseResponse(await ended)).toMatchObject({
      status: 200,
      headers: { connection: "close" },
      body: "done",
    });
    await closed;
  });

  it("cuts off what takes too long", async () => {
    const { begun, listener, port } = await startSlow({ closeTimeoutMs: 20 });
    const ended = readToEnd(open(port, keepAliveRequest));
    await vi.waitFor(() => expect(begun).toHaveLength(1));
    await listener.close();
    expect(await ended).toBe("");
  });
});

describe("a client that", () => {
  it("sends several requests at once gets the answers in order", async () => {
    const { port } = await start();
    const text = await sendBytes(
      port,
      `${keepAliveRequest}GET /nothing HTTP/1.1\r\nHost: x\r\n\r\nHEAD /health HTTP/1.1\r\nHost: x\r\n\r\n${lastRequest}`,
    );
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual([
      "HTTP/1.1 200",
      "HTTP/1.1 404",
      "HTTP/1.1 200",
      "HTTP/1.1 200",
    ]);
  });

  it("speaks HTTP/1.0 is answered and disconnected", async () => {
    const { port } = await start();
    expect(parseResponse(await sendBytes(port, "GET /health HTTP/1.0\r\n\r\n")).status).toBe(200);
  });

  it("is a proxy and sends the whole URL is understood", async () => {
    const { port } = await start();
    expect((await sendRequest(port, "GET http://worker.test/health?x=1")).status).toBe(200);
    expect((await sendRequest(port, "GET HTTPS://worker.test:8081/health")).status).toBe(200);
    expect((await sendRequest(port, "GET http://worker.test")).status).toBe(404);
    expect((await sendRequest(port, "GET ftp://worker.test/health")).status).toBe(404);
    expect((await sendRequest(port, "OPTIONS *")).status).toBe(404);
  });

  it("sends its headers too slowly is disconnected in time", async () => {
    const { port } = await start({ headersTimeoutMs: 50 });
    expect(
      parseResponse(await readToEnd(open(port, "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ")))
        .status,
    ).toBe(408);
  });

  it("sends its body too slowly is disconnected in time", async () => {
    const { port } = await start({ headersTimeoutMs: 50, receiveTimeoutMs: 100 });
    const head =
      "POST /templates/a/b/1/validate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n";
    expect(parseResponse(await readToEnd(open(port, head))).status).toBe(408);
  });

  it.each([
    [
      "huge headers",
      `GET /health HTTP/1.1\r\nHost: x\r\nX-Big: ${"x".repeat(20_000)}\r\n\r\n`,
      431,
    ],
    ["a huge path", `GET /templates/a/${"x".repeat(1_000_000)}/1 HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ["no host", "GET /health HTTP/1.1\r\n\r\n", 400],
    [
      "two lengths",
      "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      400,
    ],
    [
      "a length and chunks",
      "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      400,
    ],
    ["bytes that are no URL", "GET /templates/\xfc/b/1 HTTP/1.1\r\nHost: x\r\n\r\n", 400],
    ["no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400],
  ])("sends %s gets a bare error and is disconnected", async (_what, bytes, expected) => {
    const { port } = await start();
    const { status, headers, body } = parseResponse(await sendBytes(port, bytes));
    expect(status).toBe(expected);
    // Node ends the error for a missing host with an empty chunk.
    expect(body.replace("0\r\n\r\n", "")).toBe("");
    expect(headers).toMatchObject({ connection: "close" });
    expect(headers).not.toHaveProperty("content-type");
    expect((await sendRequest(port, "GET /health")).status).toBe(200);
  });

  it("disconnects before its answer does no harm", async () => {
    const { begun, port } = await startSlow();
    const socket = open(port, keepAliveRequest);
    await vi.waitFor(() => expect(begun).toHaveLength(1));
    socket.destroy();
    begun[0]?.();
    const next = readToEnd(open(port, lastRequest));
    await vi.waitFor(() => expect(begun).toHaveLength(2));
    begun[1]?.();
    expect(parseResponse(await next).body).toBe("done");
  });

  it("disconnects in the middle of its body does no harm", async () => {
    const { port } = await start();
    const socket = open(
      port,
      "POST /templates/a/b/1/validate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n",
    );
    await vi.waitFor(() => expect(socket.bytesWritten).toBeGreaterThan(0));
    socket.destroy();
    expect((await sendRequest(port, "GET /health")).status).toBe(200);
  });
});

it("answers 500 requests at the same time", async () => {
  const { port } = await start();
  const answers = await Promise.all(
    Array.from({ length: 500 }, () => sendRequest(port, "GET /health")),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ headers }) => headers["x-request-id"])).size).toBe(500);
});

it("lends its handler to a server of somebody else's", async () => {
  const { handler }: ObservabilityListener = createObservabilityListener(
    createSampleWorker().operations,
  );
  const server = createServer(handler);
  toClose.push({ close: () => server.close() });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  expect((await sendRequest((server.address() as AddressInfo).port, "GET /health/")).status).toBe(
    200,
  );
});
