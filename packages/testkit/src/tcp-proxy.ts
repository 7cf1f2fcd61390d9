import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { TcpLink, type TcpTarget } from "./tcp-link.js";

/** A real TCP proxy on 127.0.0.1 between a client and a server, to be broken in the ways that networks break. */
export interface TcpProxy {
  readonly port: number;
  /** The same URL, by way of the proxy. */
  url(originalUrl: string): string;
  /** How many clients are connected now. */
  connections(): number;
  /** The server is gone: open connections are reset, new ones refused (ECONNREFUSED). */
  cut(): Promise<void>;
  /** The network swallows everything: connections stay open, new ones are accepted, and nothing passes either way. */
  blackhole(): void;
  /** Open connections are reset (ECONNRESET); new ones work. */
  reset(): void;
  /** Ends `cut` and `blackhole`; stalled bytes pass on. */
  restore(): Promise<void>;
  /** Resets what is open and frees the port. May be called again. */
  close(): Promise<void>;
}

/** Starts a proxy for connections to the host and port of a URL. */
export async function startTcpProxy(url: string): Promise<TcpProxy> {
  const { hostname, port: targetPort } = new URL(url);
  const target: TcpTarget = { host: hostname, port: Number(targetPort) };
  const links = new Set<TcpLink>();
  let isStalled = false;
  const listener = createServer((client) => {
    const link = new TcpLink(client, target, () => links.delete(link));
    links.add(link);
    if (!isStalled) link.join();
  });
  const port = await listenOnFreePort(listener);
  const reset = (): void => links.forEach((link) => link.reset());
  const cut = async (): Promise<void> => {
    const closed = listener.listening ? once(listener.close(), "close") : null;
    reset();
    await closed;
  };

  return {
    port,
    url: (originalUrl) => throughPort(originalUrl, port),
    connections: () => [...links].filter((link) => link.open).length,
    cut,
    blackhole: () => {
      isStalled = true;
      links.forEach((link) => link.stall());
    },
    reset,
    restore: async () => {
      isStalled = false;
      links.forEach((link) => link.join());
      if (!listener.listening) await listen(listener, port);
    },
    close: cut,
  };
}

function throughPort(originalUrl: string, port: number): string {
  const url = new URL(originalUrl);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  return url.href;
}

/** Below the ports of outgoing connections, so that none takes ours between `cut` and `restore`. */
async function listenOnFreePort(listener: Server): Promise<number> {
  for (let attempt = 0; ; attempt += 1) {
    const port = randomInt(20_000, 32_768);
    try {
      await listen(listener, port);
      return port;
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}

async function listen(listener: Server, port: number): Promise<void> {
  await once(listener.listen(port, "127.0.0.1"), "listening");
}
