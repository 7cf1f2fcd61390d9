import { connect, type Socket } from "node:net";
import { type Clock, notRunning, ObservabilityError } from "@tasker-observability/core";
import type { EventDelivery } from "./event-delivery.js";
import { FrameSplitter, maxFrameBytes } from "./frame-splitter.js";
import { readMessage, type RpcMessage } from "./rpc-response.js";

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: ObservabilityError) => void;
  readonly cancelTimeout: () => void;
}

/** What a connection reports besides answers. */
export interface RpcListener {
  onEvent(subscription: number, event: unknown, delivery: EventDelivery): void;
  onClosed(): void;
}

export interface RpcConnectionOptions {
  readonly path: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** One connection to a worker's socket. */
export class RpcConnection {
  readonly #socket: Socket;
  readonly #options: RpcConnectionOptions;
  readonly #listener: RpcListener;
  readonly #opened: Promise<void>;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #kept = false;
  #ended = false;
  #keepsProcessAlive = true;

  constructor(options: RpcConnectionOptions, listener: RpcListener) {
    this.#options = options;
    this.#listener = listener;
    const socket = connect({ path: options.path });
    this.#socket = socket;
    this.#opened = new Promise((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("close", () => reject(unreachable()));
    });
    // Each call reports it; without a call it is no error.
    this.#opened.catch(() => undefined);
    const splitter = new FrameSplitter({
      onFrame: (text) => this.#onMessage(readMessage(text)),
      onOversized: () => socket.destroy(),
    });
    socket.on("data", (chunk) => splitter.push(chunk));
    socket.on("error", () => undefined);
    socket.once("close", () => this.#end(unreachable()));
  }

  get callsInFlight(): number {
    return this.#pending.size;
  }

  /**
   * @param params - JSON text.
   * @param read - called with the result before any later frame is read.
   * @throws ObservabilityError: the worker's own, WORKER_NOT_RUNNING if it cannot be reached, TIMEOUT,
   * PAYLOAD_TOO_LARGE for a frame that the worker would reject without an id.
   */
  call<Result>(
    method: string,
    params: string | undefined,
    read: (result: unknown) => Result,
  ): Promise<Result> {
    const id = (this.#lastId += 1);
    const frame = `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)}${params === undefined ? "" : `,"params":${params}`}}\n`;
    if (Buffer.byteLength(frame) > maxFrameBytes + 1) return Promise.reject(tooLarge());
    return new Promise((settle, reject) => {
      const resolve = (result: unknown): void => settle(read(result));
      const onTimeout = (): void =>
        this.#settle(id)?.reject(
          new ObservabilityError("TIMEOUT", `No answer within ${this.#options.timeoutMs} ms.`),
        );
      this.#pending.set(id, {
        resolve,
        reject,
        cancelTimeout: this.#options.clock.after(this.#options.timeoutMs, onTimeout, {
          keepsProcessAlive: true,
        }),
      });
      this.#keepProcess();
      this.#opened.then(
        () => this.#socket.write(frame),
        () => this.#settle(id)?.reject(unreachable()),
      );
    });
  }

  /** Whether to keep the process alive while no call is in flight. */
  keep(kept: boolean): void {
    this.#kept = kept;
    this.#keepProcess();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #onMessage(message: RpcMessage | null): void {
    if (message === null) return;
    if (message.kind === "event")
      this.#listener.onEvent(message.subscription, message.event, { dropped: message.dropped });
    else if (message.kind === "result") this.#settle(message.id)?.resolve(message.result);
    else if (message.id !== null) this.#settle(message.id)?.reject(message.error);
    // An error without an id rejects the connection, so the next call must not use it.
    else this.#end(message.error);
  }

  #end(error: ObservabilityError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.destroy();
    this.#listener.onClosed();
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(error);
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.cancelTimeout();
    this.#keepProcess();
    return pending;
  }

  #keepProcess(): void {
    const keeps = this.#kept || this.#pending.size > 0;
    if (keeps === this.#keepsProcessAlive) return;
    this.#keepsProcessAlive = keeps;
    if (keeps) this.#socket.ref();
    else this.#socket.unref();
  }
}

function tooLarge(): ObservabilityError {
  return new ObservabilityError(
    "PAYLOAD_TOO_LARGE",
    `A frame must contain at most ${maxFrameBytes} bytes.`,
  );
}

/** There is no socket, no process listens, or the connection closed before the answer. */
function unreachable(): ObservabilityError {
  return notRunning();
}
