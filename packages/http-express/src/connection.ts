import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ReadQueue } from "./read-queue.js";

/** What all connections of a server share. */
export interface SharedByConnections {
  /** Requests that wait, on all connections. */
  waiting: number;
  /** Resumes reading from connections, one in each turn of the event loop. */
  readonly reads: ReadQueue;
}

/**
 * One connection of a client. Its requests run one after the other, each once the previous answer has been sent: a client
 * that sends thousands at once and reads nothing costs one answer and one packet. A waiting request starts in a
 * later turn of the event loop, so that each turn answers at most one waiting request per connection, and reads from the others.
 */
export class Connection {
  readonly socket: Socket;
  /** When it last connected or sent a request, as a number that grows. */
  lastActivity = 0;
  readonly #run: RequestListener;
  readonly #shared: SharedByConnections;
  readonly #waiting: { readonly request: IncomingMessage; readonly response: ServerResponse }[] =
    [];
  /** Whether reading from it is paused. */
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

  /** Requests that have arrived and not started. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether the worker is answering a complete request of it. */
  get isBusy(): boolean {
    return this.#response?.writableEnded === false && this.#request?.complete === true;
  }

  /** Whether its last request is answered, even if the client has not read the answer. */
  get isAnswered(): boolean {
    return this.#response?.writableEnded === true;
  }

  /** Runs the request now, or after earlier ones. */
  take(request: IncomingMessage, response: ServerResponse): void {
    // Node had parsed it before the connection was destroyed.
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

  /** Closes it at once, whatever it waits for. */
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
      // This may have been the last answer on the connection.
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
