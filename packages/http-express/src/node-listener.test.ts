import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createObservabilityListener, type ObservabilityListener } from "./node-listener.js";
import type { ListenOptions } from "./listen-options.js";
import {
  openConnection,
  parseResponse,
  readToEnd,
  sendBytes,
  sendRequest,
} from "./testing/raw-http.js";
import { keepAliveRequest, startListener, startSlowListener } from "./testing/listeners.js";
import { serveApp } from "./testing/server-harness.js";
import { createSampleWorker } from "./testing/sample-operations.js";

describe("an unknown path", () => {
  it("is endpoint_not_found, as JSON like every other error", async () => {
    const { port } = await startListener();
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
    onTestFinished(() => listener.close());
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
    onTestFinished(() => listener.close());
    expect((await listener.listen({ host: "::1", port: 0 })).url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  });

  it("says in one line that a port is in use, and may be tried again", async () => {
    const { port } = await startListener();
    const second = createObservabilityListener({});
    onTestFinished(() => second.close());
    await expect(second.listen({ port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: the port is in use.`,
    );
    await expect(second.listen({ port: 0 })).resolves.toMatchObject({ host: "127.0.0.1" });
  });

  it("reports an address that is not this machine's, and an unknown host", async () => {
    const listener = createObservabilityListener({});
    onTestFinished(() => listener.close());
    await expect(listener.listen({ host: "192.0.2.1", port: 0 })).rejects.toThrow(
      "Cannot listen on 192.0.2.1:0: this machine has no such address.",
    );
    await expect(listener.listen({ host: "nowhere.invalid", port: 0 })).rejects.toThrow(
      /Cannot listen on nowhere\.invalid:0: the host is unknown\./,
    );
  });

  it("rejects wrong options with all problems at once, and opens nothing", async () => {
    const listener = createObservabilityListener({});
    onTestFinished(() => listener.close());
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
    onTestFinished(() => listener.close());
    await expect(listener.listen(options as ListenOptions)).rejects.toMatchObject({
      code: "INVALID_PARAMS",
    });
  });

  it("rejects a second call, and a call after close", async () => {
    const { listener } = await startListener();
    await expect(listener.listen({ port: 0 })).rejects.toThrow("already listening");
    await listener.close();
    await expect(listener.listen({ port: 0 })).rejects.toThrow("has been closed");
  });
});

describe("close", () => {
  it("may be called before listen, twice, and at the same time", async () => {
    const { listener, port } = await startListener();
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
    const { listener, port } = await startListener({ closeTimeoutMs: 600_000 });
    const [silent, idle] = [openConnection(port), openConnection(port, keepAliveRequest)];
    const ended = Promise.all([readToEnd(silent), readToEnd(idle)]);
    await vi.waitFor(() => expect(idle.bytesRead).toBeGreaterThan(0));
    await listener.close();
    expect((await ended)[1]).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("lets a request in flight finish, as the last on its connection", async () => {
    const { begun, listener, port } = await startSlowListener({ closeTimeoutMs: 600_000 });
    const ended = readToEnd(openConnection(port, keepAliveRequest));
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

  it("disconnects clients that take too long", async () => {
    const { begun, listener, port } = await startSlowListener({ closeTimeoutMs: 20 });
    const ended = readToEnd(openConnection(port, keepAliveRequest));
    await vi.waitFor(() => expect(begun).toHaveLength(1));
    await listener.close();
    expect(await ended).toBe("");
  });
});

it("answers 500 requests at the same time", async () => {
  const { port } = await startListener();
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
  const port = await serveApp(handler);
  expect((await sendRequest(port, "GET /health/")).status).toBe(200);
});
