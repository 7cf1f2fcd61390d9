import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.js";
import { waitFor } from "./wait-for.js";

let accepted: Socket[];
let server: Server;
let proxy: TcpProxy;
let sockets: Socket[];

/** An echo that greets whoever connects. */
beforeEach(async () => {
  accepted = [];
  sockets = [];
  server = createServer((socket) => {
    accepted.push(socket.on("error", () => undefined));
    socket.write("hello ");
    socket.pipe(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  proxy = await startTcpProxy(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(async () => {
  await proxy.close();
  for (const socket of [...sockets, ...accepted]) socket.destroy();
  await once(server.close(), "close");
});

async function open(): Promise<Socket> {
  const socket = connect(proxy.port, "127.0.0.1").setEncoding("utf8");
  sockets.push(socket);
  await once(socket, "connect");
  return socket;
}

async function received(socket: Socket, length: number): Promise<string> {
  let got = "";
  await waitFor(
    () => {
      got += (socket.read() as string | null) ?? "";
      return got.length >= length;
    },
    { what: `${length} characters` },
  );
  return got;
}

async function failureOf(socket: Socket): Promise<string | undefined> {
  const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
  return error.code;
}

describe("a TCP proxy that works", () => {
  it("passes bytes both ways, and knows its connections", async () => {
    const socket = await open();
    socket.write("there");
    expect(await received(socket, 11)).toBe("hello there");
    expect(proxy.connections()).toBe(1);
    socket.destroy();
    await waitFor(() => proxy.connections() === 0, { what: "the connection's end" });
    await waitFor(() => accepted[0]!.destroyed, { what: "its end at the server" });
  });

  it("passes a server's last words before its end", async () => {
    const socket = await open();
    await waitFor(() => accepted[0], { what: "the connection" });
    accepted[0]!.end("x".repeat(1_000_000));
    expect(await text(socket)).toHaveLength(1_000_006);
  });

  it("puts itself into a URL", () => {
    expect(proxy.url("postgres://u:p@db.example:5432/name?x=1")).toBe(
      `postgres://u:p@127.0.0.1:${proxy.port}/name?x=1`,
    );
  });

  it("resets a client whose server resets", async () => {
    const socket = await open();
    await received(socket, 6);
    accepted[0]!.resetAndDestroy();
    expect(await failureOf(socket)).toBe("ECONNRESET");
  });
});

describe("a TCP proxy that is broken", () => {
  it("cut: resets what is open, refuses what is new, and works again at the same port when restored", async () => {
    const socket = await open();
    await received(socket, 6);
    const failure = failureOf(socket);
    await proxy.cut();
    expect(await failure).toBe("ECONNRESET");
    await expect(open()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await proxy.restore();
    expect(await received(await open(), 6)).toBe("hello ");
  });

  it("reset: resets what is open, and accepts what is new", async () => {
    const socket = await open();
    await received(socket, 6);
    const failure = failureOf(socket);
    proxy.reset();
    expect(await failure).toBe("ECONNRESET");
    expect(await received(await open(), 6)).toBe("hello ");
  });

  it("black hole: accepts and stalls, and lets the stalled bytes pass when restored", async () => {
    const old = await open();
    await received(old, 6);
    proxy.blackhole();
    old.write("are you there");
    const late = await open();
    late.write("or for me");
    // A connection that does work shows that time enough for the others has passed.
    const direct = connect((server.address() as AddressInfo).port, "127.0.0.1").setEncoding("utf8");
    sockets.push(direct);
    expect(await received(direct, 6)).toBe("hello ");
    expect([old.read(), late.read(), accepted.length, proxy.connections()]).toEqual([
      null,
      null,
      2,
      2,
    ]);
    await proxy.restore();
    expect(await received(old, 13)).toBe("are you there");
    expect(await received(late, 15)).toBe("hello or for me");
  });

  it("black hole: does not tell the server that the client has gone", async () => {
    const socket = await open();
    await received(socket, 6);
    proxy.blackhole();
    socket.resetAndDestroy();
    await waitFor(() => proxy.connections() === 0, { what: "the end of the client's side" });
    expect(accepted[0]!.destroyed).toBe(false);
    await proxy.restore();
    await waitFor(() => accepted[0]!.destroyed, { what: "the end at the server" });
  });

  it("may be closed twice, and after a cut", async () => {
    await proxy.cut();
    await proxy.close();
    await proxy.close();
    await expect(open()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
