import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import {
  catalogue,
  createWorkerContext,
  type Operation,
  operationsFor,
} from "@tasker-observability/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { GuardedServer, type ServerLimits, serverLimitsSchema } from "./guarded-server.js";
import { createObservabilityListener, type ListenerOptions } from "./node-listener.js";
import { parseResponse, readToEnd, sendRequest } from "./testing/raw-http.js";

const waiting = { timeout: 30_000, interval: 10 };
const sockets: Socket[] = [];
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const close of closers.splice(0)) await close();
});

const context = createWorkerContext();
function operation(
  name: "health_basic" | "health_live" | "health_ready",
  run: () => Promise<string>,
): Operation {
  return {
    ...operationsFor(context, z.strictObject({}))("health_basic", { result: z.string(), run }),
    name,
    http: catalogue[name].http,
    mediaTypes: ["text/plain"],
  };
}

/** /health answers when the test says so, /health/live at once, and /health/ready a lot. */
async function start(options: ListenerOptions = {}, ready = "") {
  const begun: (() => void)[] = [];
  const listener = createObservabilityListener(
    {
      health_basic: operation("health_basic", async () => {
        const place = begun.length;
        await new Promise<void>((resolve) => begun.push(resolve));
        return `answer ${place}`;
      }),
      health_live: operation("health_live", async () => "alive"),
      health_ready: operation("health_ready", async () => ready),
    },
    { closeTimeoutMs: 10, ...options },
  );
  closers.push(() => listener.close());
  const { port } = await listener.listen({ port: 0 });
  return { port, begun, close: () => listener.close() };
}

async function serve(
  handler: (request: IncomingMessage, answer: (text: string) => void) => void,
  limits: ServerLimits = {},
): Promise<number> {
  const server = new GuardedServer(
    (request, response) => {
      handler(request, (text) => {
        response.end(text);
        server.answered(response);
      });
    },
    serverLimitsSchema.parse({ closeTimeoutMs: 10, ...limits }),
  );
  closers.push(() => server.close());
  return (await server.listen("127.0.0.1", 0)).port;
}

function open(port: number, bytes = "", reads = true): Socket {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => undefined);
  if (!reads) socket.pause();
  else socket.resume();
  sockets.push(socket);
  if (bytes !== "") socket.write(bytes);
  return socket;
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const probe = async (port: number): Promise<number> =>
  (await sendRequest(port, "GET /health/live")).status;
const areClosed = (connections: readonly Socket[]): number =>
  connections.filter(({ destroyed }) => destroyed).length;

describe("a client that sends many requests at once", () => {
  it("has one under way at a time, and all of its answers in order", async () => {
    let now = 0;
    let mostAtOnce = 0;
    let count = 0;
    const port = await serve((_, answer) => {
      mostAtOnce = Math.max(mostAtOnce, (now += 1));
      setImmediate(() => {
        now -= 1;
        answer(`answer ${(count += 1)}\n`);
      });
    });
    const most = 5_000;
    const socket = open(port, get("/").repeat(most));
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    await vi.waitFor(() => expect(text).toContain(`answer ${most}\n`), waiting);
    expect(text.match(/(?<=answer )\d+/g)).toEqual(
      Array.from({ length: most }, (_, index) => String(index + 1)),
    );
    expect(mostAtOnce).toBe(1);
  });

  it("has one answered in each turn of the event loop, so that others have theirs", async () => {
    let turn = 0;
    const answeredIn = new Map<number, number>();
    let isOver = false;
    const count = (): void => {
      turn += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const port = await serve((_, answer) => {
      answeredIn.set(turn, (answeredIn.get(turn) ?? 0) + 1);
      answer("at once\n");
    });
    const most = 3_000;
    const socket = open(port, get("/").repeat(most));
    let answers = 0;
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      answers += chunk.match(/at once/g)?.length ?? 0;
    });
    await vi.waitFor(() => expect(answers).toBe(most), waiting);
    isOver = true;
    // The first of what is read at once begins in the turn of the last before it.
    expect(Math.max(...answeredIn.values())).toBeLessThanOrEqual(2);
  });

  it("is not read from until it has its answers", async () => {
    const { port, begun } = await start();
    const socket = open(port, get("/health"));
    await vi.waitFor(() => expect(begun).toHaveLength(1), waiting);
    const much = get("/health").repeat(2_000_000 / get("/health").length);
    let written = 0;
    const write = (): void => {
      while (written < 100_000_000 && socket.write(much)) written += much.length;
    };
    socket.on("drain", write);
    write();
    expect(await probe(port)).toBe(200);
    await vi.waitFor(() => expect(socket.writableNeedDrain).toBe(true), waiting);
    expect(written).toBeLessThan(100_000_000);
    expect(begun).toHaveLength(1);
  });

  it("is cut off where requests of all clients together wait in thousands, those that sent most first", async () => {
    const { port, begun } = await start();
    const modest = open(port, get("/health").repeat(3));
    await vi.waitFor(() => expect(begun).toHaveLength(1), waiting);
    const greedy = Array.from({ length: 10 }, () => open(port, get("/health").repeat(2_000)));
    await vi.waitFor(() => expect(areClosed(greedy)).toBeGreaterThan(5), waiting);
    expect(modest.destroyed).toBe(false);
    expect(await probe(port)).toBe(200);
  });

  it("and has said its last word gets all of its answers", async () => {
    const { port, begun } = await start();
    const socket = open(port, get("/health").repeat(3));
    socket.end();
    const ended = readToEnd(socket);
    for (const index of [0, 1, 2]) {
      await vi.waitFor(() => expect(begun).toHaveLength(index + 1), waiting);
      begun[index]?.();
    }
    expect((await ended).match(/answer \d/g)).toEqual(["answer 0", "answer 1", "answer 2"]);
  });

  it("gets the answer under way when the listener closes, and no other is begun", async () => {
    const { port, begun, close } = await start({ closeTimeoutMs: 600_000 });
    const ended = readToEnd(open(port, get("/health").repeat(3)));
    await vi.waitFor(() => expect(begun).toHaveLength(1), waiting);
    const closed = close();
    begun[0]?.();
    expect(parseResponse(await ended).body).toBe("answer 0");
    await closed;
    expect(begun).toHaveLength(1);
  });
});

describe("a client that does not read its answers", () => {
  it("is let go in time", async () => {
    const closed: string[] = [];
    const much = "x".repeat(16_000_000);
    const port = await serve(
      ({ socket, url = "" }, answer) => {
        socket.once("close", () => closed.push(url));
        answer(url === "/much" ? much : "little");
      },
      { sendTimeoutMs: 50, keepAliveTimeoutMs: 600_000 },
    );
    open(port, get("/little"));
    open(port, get("/much"), false);
    await vi.waitFor(() => expect(closed).toEqual(["/much"]), waiting);
  });

  it("is cut off where all of them together leave too much unread", async () => {
    const { port } = await start({}, "x".repeat(16_000_000));
    const greedy = Array.from({ length: 8 }, () => open(port, get("/health/ready"), false));
    await vi.waitFor(async () => {
      expect(await probe(port)).toBe(200);
      for (const socket of greedy) socket.write(" ");
      expect(areClosed(greedy)).toBeGreaterThan(1);
    }, waiting);
    expect(areClosed(greedy)).toBeLessThan(8);
  });

  it("has all the time that the worker itself takes", async () => {
    const { port, begun } = await start({ sendTimeoutMs: 20, keepAliveTimeoutMs: 100 });
    const ended = readToEnd(
      open(port, get("/health").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")),
    );
    await vi.waitFor(() => expect(begun).toHaveLength(1), waiting);
    const other = open(port, get("/health/live"));
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
    const { port } = await start({ maxConnections: 20 }, "x".repeat(100_000));
    let isOver = false;
    const again = (): void => {
      if (isOver) return;
      open(port, bytes, false).on("close", () => setImmediate(again));
    };
    for (let index = 0; index < 25; index += 1) again();
    for (let index = 0; index < 30; index += 1) expect(await probe(port)).toBe(200);
    isOver = true;
  });

  it("the one that has been quiet longest goes first, and none that has just come", async () => {
    const { port } = await start({ maxConnections: 4 });
    const closed: string[] = [];
    const ask = async (socket: Socket): Promise<void> => {
      const before = socket.bytesRead;
      socket.write(get("/health/live"));
      await vi.waitFor(() => expect(socket.bytesRead).toBeGreaterThan(before), waiting);
    };
    const opened = async (name: string): Promise<Socket> => {
      const socket = open(port);
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

  it("none is cut off that the worker works for: one more is dropped", async () => {
    const { port, begun } = await start({ maxConnections: 2 });
    const served = [open(port, get("/health")), open(port, get("/health"))];
    await vi.waitFor(() => expect(begun).toHaveLength(2), waiting);
    expect(await readToEnd(open(port, get("/health/live")))).toBe("");
    begun.forEach((answer) => answer());
    await vi.waitFor(
      () => served.forEach(({ bytesRead }) => expect(bytesRead).toBeGreaterThan(0)),
      waiting,
    );
    expect(await probe(port)).toBe(200);
  });
});
