import { setMaxListeners } from "node:events";
import type { Socket } from "node:net";
import type { EventSource } from "./event-source.js";
import { FrameSplitter, maxFrameBytes } from "./frame-splitter.js";
import type { Idleness } from "./idle-connections.js";
import { type RpcRejection, toRejection } from "./json-rpc.js";
import { type CallParts, SocketCalls } from "./socket-calls.js";
import { SocketSubscriptions } from "./socket-subscriptions.js";

/** Nothing more is read from a client that has left this much unread. */
const pauseBytes = maxFrameBytes;
/** A client that has left this much unread is disconnected. */
const cutOffBytes = 8 * maxFrameBytes;

/** What all connections of a server share. */
export interface ConnectionParts extends CallParts {
  readonly events: EventSource | null;
  readonly idleTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly drainTimeoutMs: number;
}

/** One client of the socket, and how much it may leave unread. */
export class SocketConnection {
  readonly #socket: Socket;
  readonly #parts: ConnectionParts;
  readonly #disconnected = new AbortController();
  readonly #subscriptions: SocketSubscriptions;
  readonly #calls: SocketCalls;
  #hasSent = false;
  #lastActiveMs: number;
  #cancelIdle: (() => void) | undefined;
  #cancelEnd: (() => void) | undefined;

  constructor(socket: Socket, parts: ConnectionParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#lastActiveMs = parts.clock.monotonicMs();
    // Each call adds a listener.
    setMaxListeners(0, this.#disconnected.signal);
    this.#subscriptions = new SocketSubscriptions(parts.events, {
      canSend: () => socket.writableLength < 65_536,
      write: (frame) => void socket.write(frame),
    });
    this.#calls = new SocketCalls(parts, {
      subscriptions: this.#subscriptions,
      signal: this.#disconnected.signal,
      send: (frame) => this.#send(frame),
      onDone: () => this.#onDone(),
    });
    this.#listen();
  }

  /** Accepts no more calls, and closes once the running ones are answered. */
  close(): void {
    this.#calls.close();
    this.#subscriptions.close();
    if (this.#calls.isDrained) this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Sends the reason, and closes even if the client does not. */
  reject(rejection: RpcRejection): void {
    this.#calls.reject(null, rejection);
    this.#closeWithin(this.#parts.stopTimeoutMs);
  }

  /** Null while a call, a subscription or an unsent answer needs it. */
  idleness(): Idleness | null {
    if (this.#calls.hasPending || this.#subscriptions.size > 0 || this.#socket.writableLength > 0)
      return null;
    return { hasSent: this.#hasSent, sinceMs: this.#lastActiveMs };
  }

  #listen(): void {
    const splitter = new FrameSplitter({
      onFrame: (text) => void this.#calls.handle(text),
      onOversized: () =>
        this.#calls.reject(
          null,
          toRejection("PAYLOAD_TOO_LARGE", `A frame must contain at most ${maxFrameBytes} bytes.`),
        ),
    });
    this.#socket.on("data", (chunk) => {
      this.#hasSent = true;
      this.#lastActiveMs = this.#parts.clock.monotonicMs();
      splitter.push(chunk);
    });
    this.#socket.on("drain", () => this.#onDrain());
    this.#socket.on("end", () => {
      splitter.end();
      // The client has closed its writing end. It may wait for its answers, or be gone: both look the same.
      this.#closeWithin(this.#parts.drainTimeoutMs);
    });
    // "close" follows.
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => this.#onClose());
  }

  #onDone(): void {
    this.#lastActiveMs = this.#parts.clock.monotonicMs();
    if (this.#calls.isDrained) this.#socket.end();
  }

  #send(frame: string): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    this.#socket.write(frame);
    if (this.#socket.writableLength > cutOffBytes) this.#socket.destroy();
    else if (this.#socket.writableLength > pauseBytes) this.#pause();
  }

  #pause(): void {
    this.#socket.pause();
    this.#cancelIdle ??= this.#parts.clock.after(this.#parts.idleTimeoutMs, () =>
      this.#socket.destroy(),
    );
  }

  #onDrain(): void {
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    this.#subscriptions.flush();
    this.#socket.resume();
  }

  #closeWithin(ms: number): void {
    this.close();
    this.#cancelEnd ??= this.#parts.clock.after(ms, () => this.#socket.destroy());
  }

  #onClose(): void {
    this.#cancelIdle?.();
    this.#cancelEnd?.();
    this.#subscriptions.close();
    this.#disconnected.abort();
  }
}
