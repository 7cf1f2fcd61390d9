import type { RequestListener } from "node:http";
import type { Socket } from "node:net";
import { Connection, type SharedByConnections } from "./connection.js";
import { ReadQueue } from "./read-queue.js";

/** Requests that may wait on all connections together, at some 4 KB each. */
const mostWaiting = 4_096;
/** Bytes of answers that clients may leave unread on all connections together. */
const mostUnreadBytes = 64 * 1_024 * 1_024;

/** The limits of {@link Connections} that are options. */
export interface ConnectionLimits {
  /** Connections at a time. */
  readonly maxConnections: number;
  /** Milliseconds for which a client may take nothing of its answer. */
  readonly sendTimeoutMs: number;
}

/** All connections of a server, and what they may cost together: beyond that the greediest are cut off. */
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

  /** Takes a new connection, where need be in the place of the one that has been quiet longest. */
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

  /** Runs requests in the order in which they come on their connection. */
  readonly take: RequestListener = (request, response) => {
    const connection = this.#bySocket.get(request.socket);
    if (connection === undefined) return;
    connection.lastActivity = this.#activity += 1;
    connection.take(request, response);
    if (this.#shared.waiting > mostWaiting) this.#cutOffMost((candidate) => candidate.waiting);
  };

  /** Is to be called when an answer was written: clients that read nothing may hold so much and no more. */
  answered(socket: Socket | null): void {
    if (socket === null || socket.writableLength === 0) return;
    // Not for all connections, since each request would set it anew. Node sets its own when the answer has gone out.
    socket.setTimeout(this.#limits.sendTimeoutMs);
    let unread = 0;
    for (const other of this.#bySocket.keys()) unread += other.writableLength;
    if (unread > mostUnreadBytes)
      this.#cutOffMost(({ socket: { writableLength } }) => writableLength);
  }

  /** Is to be called when nothing has moved on a connection for long. While it sends a request, Node keeps the time. */
  stalled(socket: Socket): void {
    if (this.#bySocket.get(socket)?.isAnswered !== false) socket.destroy();
  }

  /** Closes those that never said anything, which Node takes for busy. */
  closeUnused(): void {
    for (const socket of this.#bySocket.keys()) if (socket.bytesRead === 0) socket.destroy();
  }

  /**
   * Null where all are served. One that has just come is not quiet, though it has not asked anything yet: where many
   * come at once, they would take each other's place, and a probe's with them.
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
