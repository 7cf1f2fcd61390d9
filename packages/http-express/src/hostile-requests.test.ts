import { describe, expect, it, vi } from "vitest";
import {
  openConnection,
  parseResponse,
  readToEnd,
  sendBytes,
  sendRequest,
} from "./testing/raw-http.js";
import {
  keepAliveRequest,
  lastRequest,
  startListener,
  startSlowListener,
} from "./testing/listeners.js";

describe("a client that", () => {
  it("sends several requests at once gets the answers in order", async () => {
    const { port } = await startListener();
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
    const { port } = await startListener();
    expect(parseResponse(await sendBytes(port, "GET /health HTTP/1.0\r\n\r\n")).status).toBe(200);
  });

  it("is a proxy and sends the whole URL is understood", async () => {
    const { port } = await startListener();
    expect((await sendRequest(port, "GET http://worker.test/health?x=1")).status).toBe(200);
    expect((await sendRequest(port, "GET HTTPS://worker.test:8081/health")).status).toBe(200);
    expect((await sendRequest(port, "GET http://worker.test")).status).toBe(404);
    expect((await sendRequest(port, "GET ftp://worker.test/health")).status).toBe(404);
    expect((await sendRequest(port, "OPTIONS *")).status).toBe(404);
  });

  it("sends its headers too slowly is disconnected in time", async () => {
    const { port } = await startListener({ headersTimeoutMs: 50 });
    expect(
      parseResponse(
        await readToEnd(openConnection(port, "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ")),
      ).status,
    ).toBe(408);
  });

  it("sends its body too slowly is disconnected in time", async () => {
    const { port } = await startListener({ headersTimeoutMs: 50, receiveTimeoutMs: 100 });
    const head =
      "POST /templates/a/b/1/validate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n";
    expect(parseResponse(await readToEnd(openConnection(port, head))).status).toBe(408);
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
    const { port } = await startListener();
    const { status, headers, body } = parseResponse(await sendBytes(port, bytes));
    expect(status).toBe(expected);
    // Node ends the error for a missing host with an empty chunk.
    expect(body.replace("0\r\n\r\n", "")).toBe("");
    expect(headers).toMatchObject({ connection: "close" });
    expect(headers).not.toHaveProperty("content-type");
    expect((await sendRequest(port, "GET /health")).status).toBe(200);
  });

  it("disconnects before its answer without effect on others", async () => {
    const { begun, port } = await startSlowListener();
    const socket = openConnection(port, keepAliveRequest);
    await vi.waitFor(() => expect(begun).toHaveLength(1));
    socket.destroy();
    begun[0]?.();
    const next = readToEnd(openConnection(port, lastRequest));
    await vi.waitFor(() => expect(begun).toHaveLength(2));
    begun[1]?.();
    expect(parseResponse(await next).body).toBe("done");
  });

  it("disconnects in the middle of its body without effect on others", async () => {
    const { port } = await startListener();
    const socket = openConnection(
      port,
      "POST /templates/a/b/1/validate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n",
    );
    await vi.waitFor(() => expect(socket.bytesWritten).toBeGreaterThan(0));
    socket.destroy();
    expect((await sendRequest(port, "GET /health")).status).toBe(200);
  });
});
