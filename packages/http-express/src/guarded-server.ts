import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { systemClock } from "@tasker-observability/core";
import { delayMs, wholeNumberOption } from "@tasker-observability/core/options";
import * as z from "zod";
import { Connections } from "./connections.js";

export const serverLimitsSchema = z.strictObject({
  /** Listener: how long a request's headers may take to arrive. @default 10000 */
  headersTimeoutMs: z._default(delayMs(), 10_000),
  /** Listener: how long the whole request may take to arrive. @default 15000 */
  receiveTimeoutMs: z._default(delayMs(), 15_000),
  /** Listener: how long a client may read nothing of its answer before it is disconnected. @default 10000 */
  sendTimeoutMs: z._default(delayMs(), 10_000),
  /** Listener: how long an idle connection stays open. @default 5000 */
  keepAliveTimeoutMs: z._default(delayMs(), 5_000),
  /** Listener: the most bytes of request line and headers together. @default 16384 */
  maxHeaderBytes: z._default(
    wholeNumberOption(1, Number.MAX_SAFE_INTEGER, { unit: "bytes" }),
    16_384,
  ),
  /** Listener: the most open connections. A further one replaces the one that has been idle longest; if none is idle, it is dropped. @default 1024 */
  maxConnections: z._default(wholeNumberOption(1, Number.MAX_SAFE_INTEGER), 1_024),
  /** Listener: how long `close` waits for running requests before it disconnects them. @default 5000 */
  closeTimeoutMs: z._default(delayMs(), 5_000),
});
/** Limits that protect the worker from slow and greedy clients; all have a default. */
export type ServerLimits = z.input<typeof serverLimitsSchema>;
type ResolvedLimits = z.output<typeof serverLimitsSchema>;

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  /** The real port, also if 0 was given. */
  readonly port: number;
  readonly url: string;
}

/** A `node:http` server with limits. It can be opened once. */
export class GuardedServer {
  readonly #server: Server;
  readonly #closeTimeoutMs: number;
  readonly #connections: Connections;
  #opening: Promise<ListenAddress> | null = null;
  #closed: Promise<void> | null = null;

  constructor(handler: RequestListener, limits: ResolvedLimits) {
    this.#connections = new Connections(handler, {
      maxConnections: limits.maxConnections,
      sendTimeoutMs: limits.sendTimeoutMs,
    });
    this.#server = createLimitedServer(this.#connections.take, limits);
    this.#closeTimeoutMs = limits.closeTimeoutMs;
    this.#server.on("connection", (socket) => {
      this.#connections.add(socket);
    });
    this.#server.on("timeout", (socket: Socket) => {
      this.#connections.stalled(socket);
    });
  }

  /** Call when an answer was written. */
  answered({ socket }: ServerResponse): void {
    this.#connections.answered(socket);
  }

  async listen(host: string, port: number): Promise<ListenAddress> {
    if (this.#closed !== null) throw new Error("This listener has been closed: create a new one.");
    if (this.#opening !== null) throw new Error("This listener is already listening.");
    this.#opening = open(this.#server, host, port);
    try {
      return await this.#opening;
    } catch (error) {
      this.#opening = null;
      throw error;
    }
  }

  /** The IP address that the server listens on; null if it does not listen. */
  get ipAddress(): string | null {
    return (this.#server.address() as AddressInfo | null)?.address ?? null;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const isOpen = await this.#opening?.then(
      () => true,
      () => false,
    );
    if (isOpen !== true) return;
    const cancel = systemClock.after(this.#closeTimeoutMs, () => {
      this.#server.closeAllConnections();
    });
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#connections.closeUnused();
    });
    cancel();
  }
}

function createLimitedServer(handler: RequestListener, limits: ResolvedLimits): Server {
  const headersTimeout = limits.headersTimeoutMs;
  const requestTimeout = Math.max(headersTimeout, limits.receiveTimeoutMs);
  const server = createServer(
    {
      headersTimeout,
      requestTimeout,
      // Node checks time-outs at this interval.
      connectionsCheckingInterval: Math.min(1_000, headersTimeout),
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      maxHeaderSize: limits.maxHeaderBytes,
    },
    handler,
  );
  // A client that has closed its writing end still waits for its answers, as `nc` and scripts do.
  return Object.assign(server, { httpAllowHalfOpen: true });
}

async function open(server: Server, host: string, port: number): Promise<ListenAddress> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(new Error(`Cannot listen on ${host}:${port}: ${reasonOf(error)}.`, { cause: error }));
    };
    server.once("error", fail);
    server.listen({ host, port }, () => {
      server.off("error", fail);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return Object.freeze({
    host,
    port: address.port,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
  });
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use",
  EACCES: "this user may not open the port",
  EADDRNOTAVAIL: "this machine has no such address",
  EAFNOSUPPORT: "this machine has no such address",
  ENOTFOUND: "the host is unknown",
};

function reasonOf({ code = "the system refused" }: NodeJS.ErrnoException): string {
  return reasons[code] ?? code;
}
