import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import {
  withPlaceholders,
  createAccessLog,
  createSafeLogger,
  type Logger,
  ObservabilityError,
  type Operations,
  silentLogger,
  systemClock,
  toOperations,
} from "@tasker-observability/core";
import { parseOptions } from "@tasker-observability/core/options";
import { findLongestIdle } from "./socket/idle-connections.js";
import { PersistentSocket } from "./socket/persistent-socket.js";
import type { RpcRejection } from "./socket/json-rpc.js";
import { type ConnectionParts, SocketConnection } from "./socket/socket-connection.js";
import { subscriptionMethods } from "./socket/socket-subscriptions.js";
import { toListenPath } from "./socket/socket-file.js";
import {
  type ResolvedSocketServerOptions,
  type SocketServerOptions,
  socketServerOptionsSchema,
} from "./socket-server-options.js";

/** The most connections of a server. */
const maxConnections = 128;
const tooManyConnections: RpcRejection = {
  code: -32000,
  error: "too_many_connections",
  message: `${maxConnections} connections are open, and all in use: close one first.`,
};

/** The operations on a Unix socket. */
export interface SocketServer {
  /** @throws Error, in one line, if the path is taken, is not a socket, or cannot be written, and if the server has already been started. */
  start(): Promise<void>;
  /** Removes the file, lets running calls finish, and resolves when everything is closed. Idempotent. Never rejects. */
  stop(): Promise<void>;
}

/**
 * Serves operations to other processes of the same user: newline-delimited JSON-RPC 2.0, one method an operation.
 * Beyond 128 connections, it closes the one that has been idle longest; if all are in use, it rejects the new one with
 * `too_many_connections`. If the socket file is removed, it is created again within 5 s and logged.
 *
 * @example
 * const server = createSocketServer({ operations: observability.operations, path: "/run/orders/worker.sock" });
 * await server.start();
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 */
export function createSocketServer(options: SocketServerOptions): SocketServer {
  return new UnixSocketServer(
    parseOptions("createSocketServer", socketServerOptionsSchema, options),
  );
}

class UnixSocketServer implements SocketServer {
  readonly #parts: ConnectionParts;
  readonly #logger: Logger;
  readonly #socket: PersistentSocket;
  readonly #connections = new Set<SocketConnection>();
  #started = false;
  #isRejecting = false;
  #stopped: Promise<void> | undefined;

  constructor(options: ResolvedSocketServerOptions) {
    const {
      policy,
      events = null,
      requestTimeoutMs,
      idleTimeoutMs,
      stopTimeoutMs,
      drainTimeoutMs,
    } = options;
    const operations = toOperations(options.operations);
    assertNoReservedName(operations);
    const clock = options.clock ?? Object.values(operations)[0]?.context.clock ?? systemClock;
    this.#logger = createSafeLogger(options.logger ?? silentLogger);
    this.#parts = {
      operations: withPlaceholders(operations),
      policy,
      events,
      clock,
      accessLog: createAccessLog(operations, clock),
      requestTimeoutMs,
      idleTimeoutMs,
      stopTimeoutMs,
      drainTimeoutMs,
      makeRequestId: options.makeRequestId ?? randomUUID,
    };
    this.#socket = new PersistentSocket({
      path: toListenPath(options.path),
      accept: (socket) => this.#accept(socket),
      logger: this.#logger,
      clock,
    });
  }

  async start(): Promise<void> {
    if (this.#started)
      throw new Error("This socket server has already been started: create a new one.");
    this.#started = true;
    await this.#socket.open();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  #accept(socket: Socket): void {
    const connection = new SocketConnection(socket, this.#parts);
    if (this.#connections.size >= maxConnections && !this.#makeRoom()) {
      this.#logRejection();
      connection.reject(tooManyConnections);
      return;
    }
    this.#connections.add(connection);
    socket.once("close", () => {
      this.#connections.delete(connection);
      this.#isRejecting = false;
    });
  }

  /** A client that leaves connections open must not keep a probe out. @returns false if every connection is in use. */
  #makeRoom(): boolean {
    const idle = findLongestIdle(this.#connections, this.#parts.clock.monotonicMs());
    if (idle === null) return false;
    this.#connections.delete(idle);
    idle.destroy();
    return true;
  }

  /** Logs once until a connection has closed, however many are rejected meanwhile. */
  #logRejection(): void {
    if (!this.#isRejecting)
      this.#logger("warn", "the socket rejects connections: all are in use", {
        error: "TOO_MANY_CONNECTIONS",
        connections: maxConnections,
      });
    this.#isRejecting = true;
  }

  async #stop(): Promise<void> {
    const closed = this.#socket.close();
    for (const connection of this.#connections) connection.close();
    const cancel = this.#parts.clock.after(this.#parts.stopTimeoutMs, () => {
      for (const connection of this.#connections) connection.destroy();
    });
    await closed;
    cancel();
  }
}

function assertNoReservedName(operations: Operations): void {
  const reserved = subscriptionMethods.find((name) => Object.hasOwn(operations, name));
  if (reserved !== undefined)
    throw new ObservabilityError(
      "INVALID_PARAMS",
      `The socket answers ${reserved} itself: give the operation another name.`,
    );
}
