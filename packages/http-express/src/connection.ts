import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ReadQueue } from "./read-queue.js";

/** What all connections of a server have together. */
export interface SharedByConnections {
  /** How many requests wait. */
  waiting: number;
  /** Connections to read from again. */
  readonly reads: ReadQueue;
}

/**
 * One connection of a client. Its requests run one after the other, each once the answer before it has gone out: a client
 * that sends thousands at once and reads nothing costs one answer, and what it sent in one packet. What waited begins in a
 * later turn of the event loop, so that each turn answers one waiting request of each connection, and reads from the others.
 */
export class Connection {
  readonly socket: Socket;
  /** When it last gave a sign of life, by coming or by a request, as a number that grows. */
  lastActivity = 0;
  readonly #run: RequestListener;
  readonly #shared: SharedByConnections;
  readonly #waiting: { readonly request: IncomingMessage; readonly response: ServerResponse }[] =
    [];
  /** Whether nothing is to be read from it. */
  #isPaused = false;
  #request: IncomingMessage | null = null;
  #response: ServerResponse | null = null;

  constructor(socket: Socket, run: RequestListener, shared: SharedByConnections) {
    this.socket = socket;
    this.#run = run;
    this.#shared = shared;
    socket.once("close", () => {
      this.#dropWaiting();
    });
    // Node resumes a connection as soon as a body was read or an answer went out.
    socket.on("resume", () => {
      if (this.#isPaused) socket.pause();
    });
  }

  /** Requests that have come and not begun. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether the worker is at work for it, and not the client's turn. */
  get isBusy(): boolean {
    return this.#response?.writableEnded === false && this.#request?.complete === true;
  }

  /** Whether its last request is answered, be the answer read or not. */
  get isAnswered(): boolean {
    return this.#response?.writableEnded === true;
  }

  /** Runs the request now, or after those before it. */
  take(request: IncomingMessage, response: ServerResponse): void {
    // What Node had parsed already when the connection was given up.
    if (this.socket.destroyed) return;
    if (this.#waiting.length === 0 && this.#response?.writableFinished !== false) {
      this.#begin(request, response);
      return;
    }
    this.#waiting.push({ request, response });
    this.#shared.waiting += 1;
    if (this.#waiting.length > 1) return;
    this.#isPaused = true;
    this.socket.pause();
    if (this.#response !== null) this.#continueAfter(this.#response);
  }

  /** Cuts it off, whatever it waits for. */
  destroy(): void {
    this.#dropWaiting();
    this.socket.destroy();
  }

  #begin(request: IncomingMessage, response: ServerResponse): void {
    this.#request = request;
    this.#response = response;
    this.#run(request, response);
  }

  #continueAfter(response: ServerResponse): void {
    response.once("finish", () => {
      // The answer may have been the last on its connection.
      if (this.socket.writableEnded) this.#dropWaiting();
      else setImmediate(() => this.#beginNext());
    });
  }

  #beginNext(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#shared.waiting -= 1;
    if (this.#waiting.length > 0) this.#continueAfter(next.response);
    else
      this.#shared.reads.add(() => {
        this.#isPaused = false;
        this.socket.resume();
      });
    this.#begin(next.request, next.response);
  }

  #dropWaiting(): void {
    this.#shared.waiting -= this.#waiting.length;
    this.#waiting.length = 0;
  }
}
