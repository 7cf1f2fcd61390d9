import type { RequestListener } from "node:http";
import type { Socket } from "node:net";
import { Connection, type SharedByConnections } from "./connection.js";
import { ReadQueue } from "./read-queue.js";

/** Requests that may wait on all connections together, at some 4 KB each. */
const maxWaiting = 4_096;
/** Bytes of answers that clients may leave unread, on all connections together. */
const maxUnreadBytes = 64 * 1_024 * 1_024;

/** The limits of {@link Connections} that are options. */
export interface ConnectionLimits {
  /** Open connections. */
  readonly maxConnections: number;
  /** Milliseconds for which a client may read nothing of its answer. */
  readonly sendTimeoutMs: number;
}

/** All connections of a server. If they exceed their common limits, the most expensive one is closed. */
export class Connections {
  readonly #run: RequestListener;
  readonly #limits: ConnectionLimits;
  readonly #bySocket = new Map<Socket, Connection>();
  readonly #shared: SharedByConnections = { waiting: 0, reads: new ReadQueue() };
  #activity = 0;

  constructor(run: RequestListener, limits: ConnectionLimits) {
    this.#run = run;
    this.#limits = limits;
  }

  /** Adds a new connection, and closes the least recently active one if there are too many. */
  add(socket: Socket): void {
    if (this.#bySocket.size >= this.#limits.maxConnections) {
      const leastActive = this.#findLeastActive();
      if (leastActive === null) {
        socket.destroy();
        return;
      }
      this.#cutOff(leastActive);
    }
    const connection = new Connection(socket, this.#run, this.#shared);
    connection.lastActivity = this.#activity += 1;
    this.#bySocket.set(socket, connection);
    socket.once("close", () => this.#bySocket.delete(socket));
  }

  /** Runs the requests of each connection in order. */
  readonly take: RequestListener = (request, response) => {
    const connection = this.#bySocket.get(request.socket);
    if (connection === undefined) return;
    connection.lastActivity = this.#activity += 1;
    connection.take(request, response);
    if (this.#shared.waiting > maxWaiting) this.#cutOffMost((candidate) => candidate.waiting);
  };

  /** Call when an answer was written: it limits what clients leave unread. */
  answered(socket: Socket | null): void {
    if (socket === null || socket.writableLength === 0) return;
    // Only with unread bytes: setting it for each request is slow. Node sets its own once the answer is sent.
    socket.setTimeout(this.#limits.sendTimeoutMs);
    let unread = 0;
    for (const other of this.#bySocket.keys()) unread += other.writableLength;
    if (unread > maxUnreadBytes)
      this.#cutOffMost(({ socket: { writableLength } }) => writableLength);
  }

  /** Call when a connection has timed out. While a request arrives, Node has its own time-outs. */
  stalled(socket: Socket): void {
    if (this.#bySocket.get(socket)?.isAnswered !== false) socket.destroy();
  }

  /** Closes connections that never sent anything, which Node takes for busy. */
  closeUnused(): void {
    for (const socket of this.#bySocket.keys()) if (socket.bytesRead === 0) socket.destroy();
  }

  /**
   * Null if all are busy. A new connection counts as active before its first request: if many
   * come at once, they would otherwise close each other, and a probe with them.
   */
  #findLeastActive(): Connection | null {
    let found: Connection | null = null;
    for (const connection of this.#bySocket.values()) {
      if (connection.isBusy) continue;
      if (found === null || connection.lastActivity < found.lastActivity) found = connection;
    }
    return found;
  }

  #cutOffMost(costOf: (connection: Connection) => number): void {
    let greediest: Connection | null = null;
    for (const connection of this.#bySocket.values())
      if (greediest === null || costOf(connection) > costOf(greediest)) greediest = connection;
    if (greediest !== null) this.#cutOff(greediest);
  }

  #cutOff(connection: Connection): void {
    this.#bySocket.delete(connection.socket);
    connection.destroy();
  }
}
