import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, it, vi } from "vitest";
import {
  areClosed,
  get,
  probe,
  serveGuarded,
  startGuarded,
  waiting,
} from "./testing/guarded-servers.js";
import { openConnection, parseResponse, readToEnd } from "./testing/raw-http.js";

describe("a client that does not read its answers", () => {
  it("is let go in time", async () => {
    const closed: string[] = [];
    const much = "x".repeat(16_000_000);
    const port = await serveGuarded(
      ({ socket, url = "" }, answer) => {
        socket.once("close", () => closed.push(url));
        answer(url === "/much" ? much : "little");
      },
      { sendTimeoutMs: 50, keepAliveTimeoutMs: 600_000 },
    );
    openConnection(port, get("/little"));
    openConnection(port, get("/much"), false);
    await vi.waitFor(() => expect(closed).toEqual(["/much"]), waiting);
  });

  it("is disconnected if all of them together leave too much unread", async () => {
    const { port } = await startGuarded({}, "x".repeat(16_000_000));
    const greedy = Array.from({ length: 8 }, () =>
      openConnection(port, get("/health/ready"), false),
    );
    await vi.waitFor(async () => {
      expect(await probe(port)).toBe(200);
      for (const socket of greedy) socket.write(" ");
      expect(areClosed(greedy)).toBeGreaterThan(1);
    }, waiting);
    expect(areClosed(greedy)).toBeLessThan(8);
  });

  it("has all the time that the worker itself takes", async () => {
    const { port, begun } = await startGuarded({ sendTimeoutMs: 20, keepAliveTimeoutMs: 100 });
    const ended = readToEnd(
      openConnection(port, get("/health").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")),
    );
    await vi.waitFor(() => expect(begun).toHaveLength(1), waiting);
    const other = openConnection(port, get("/health/live"));
    // Idle for as long, it is closed.
    await vi.waitFor(() => expect(other.readableEnded).toBe(true), waiting);
    begun[0]?.();
    expect(parseResponse(await ended).body).toBe("answer 0");
  });
});

describe("where there are as many connections as there may be", () => {
  it.each<[string, string]>([
    ["say nothing", ""],
    ["begin a request and do not end it", "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: "],
    [
      "begin a body and do not end it",
      "POST /health/live HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n",
    ],
    ["have asked and been answered", get("/health/live")],
    ["have asked and do not read", get("/health/ready")],
  ])("a probe gets in when they %s and come again at once", async (_what, bytes) => {
    const { port } = await startGuarded({ maxConnections: 20 }, "x".repeat(100_000));
    let isOver = false;
    const again = (): void => {
      if (isOver) return;
      openConnection(port, bytes, false).on("close", () => setImmediate(again));
    };
    for (let index = 0; index < 25; index += 1) again();
    for (let index = 0; index < 30; index += 1) expect(await probe(port)).toBe(200);
    isOver = true;
  });

  it("the longest idle connection is closed first, and never a new one", async () => {
    const { port } = await startGuarded({ maxConnections: 4 });
    const closed: string[] = [];
    const ask = async (socket: Socket): Promise<void> => {
      const before = socket.bytesRead;
      socket.write(get("/health/live"));
      await vi.waitFor(() => expect(socket.bytesRead).toBeGreaterThan(before), waiting);
    };
    const opened = async (name: string): Promise<Socket> => {
      const socket = openConnection(port);
      socket.on("end", () => closed.push(name));
      await once(socket, "connect");
      return socket;
    };
    const first = await opened("first");
    await ask(first);
    await opened("silent");
    await ask(await opened("idle"));
    await ask(first);
    await ask(await opened("last"));
    const late: Socket[] = [];
    for (const [index, name] of ["silent", "idle", "first", "last"].entries()) {
      late.push(await opened("late"));
      await vi.waitFor(() => expect(closed).toHaveLength(index + 1), waiting);
      expect(closed.at(-1)).toBe(name);
    }
    for (const socket of late) await ask(socket);
  });

  it("no connection with a running request is closed: a further one is dropped", async () => {
    const { port, begun } = await startGuarded({ maxConnections: 2 });
    const served = [openConnection(port, get("/health")), openConnection(port, get("/health"))];
    await vi.waitFor(() => expect(begun).toHaveLength(2), waiting);
    expect(await readToEnd(openConnection(port, get("/health/live")))).toBe("");
    begun.forEach((answer) => answer());
    await vi.waitFor(
      () => served.forEach(({ bytesRead }) => expect(bytesRead).toBeGreaterThan(0)),
      waiting,
    );
    expect(await probe(port)).toBe(200);
  });
});
