import { setMaxListeners } from "node:events";
import type { Socket } from "node:net";
import { type AccessPolicy, answer, type Answer, type Caller, type Clock, ObservabilityError, type Operation } from "@tasker-observability/core";
import type { CompleteOperations } from "../complete-operations.js";
import type { EventSource } from "./event-source.js";
import { FrameSplitter, maxFrameBytes } from "./frame-splitter.js";
import type { Idleness } from "./idle-connections.js";
import { encodeError, encodeResult, readRequest, type RpcId, type RpcRefusal, type RpcRequest, toRefusal } from "./json-rpc.js";
import { SocketSubscriptions } from "./socket-subscriptions.js";

/** Calls that may run at once for one connection. */
export const maxCallsInFlight = 64;

/** A client that has left this much unread is asked nothing more until it reads. */
const pauseBytes = maxFrameBytes;
/** A client that has left this much unread is cut off. */
const cutOffBytes = 8 * maxFrameBytes;

const socketCaller: Caller = Object.freeze({ transport: "socket", rights: null });

/** What all connections of a server share. */
export interface ConnectionParts {
  readonly operations: CompleteOperations;
  readonly policy: AccessPolicy;
  readonly events: EventSource | null;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
  readonly stalledAfterMs: number;
  readonly stopTimeoutMs: number;
  readonly makeRequestId: () => string;
}

/** One client of the socket: its calls, its subscriptions, and what it may cost. */
export class SocketConnection {
  readonly #socket: Socket;
  readonly #parts: ConnectionParts;
  readonly #gone = new AbortController();
  readonly #subscriptions: SocketSubscriptions;
  #inFlight = 0;
  #closing = false;
  #hasSpoken = false;
  #lastActiveMs: number;
  #cancelStall: (() => void) | undefined;
  #cancelEnd: (() => void) | undefined;

  constructor(socket: Socket, parts: ConnectionParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#lastActiveMs = parts.clock.monotonicMs();
    // Each call listens to it.
    setMaxListeners(0, this.#gone.signal);
    this.#subscriptions = new SocketSubscriptions(parts.events, { hasRoom: () => socket.writableLength < 65_536, write: (frame) => void socket.write(frame) });
    const splitter = new FrameSplitter({
      onFrame: (text) => this.#onFrame(text),
      onOversized: () => this.#refuse(null, toRefusal("PAYLOAD_TOO_LARGE", `A frame holds at most ${maxFrameBytes} bytes.`)),
    });
    socket.on("data", (chunk) => {
      this.#hasSpoken = true;
      this.#lastActiveMs = parts.clock.monotonicMs();
      splitter.push(chunk);
    });
    socket.on("drain", () => this.#onDrain());
    socket.on("end", () => {
      splitter.end();
      // The client has said all, and may be gone: it gets the answers that come soon.
      this.#closeSoon();
    });
    // A client that breaks off concerns nobody else; "close" follows.
    socket.on("error", () => undefined);
    socket.on("close", () => this.#onClose());
  }

  /** Takes no more calls, and closes once those under way are answered. */
  close(): void {
    this.#closing = true;
    this.#subscriptions.close();
    if (this.#inFlight === 0) this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Says why it is not taken, and closes, also where the client does not. */
  dismiss(refusal: RpcRefusal): void {
    this.#refuse(null, refusal);
    this.#closeSoon();
  }

  /** Null while a call, a subscription or an answer on its way out needs it. */
  idleness(): Idleness | null {
    if (this.#inFlight > 0 || this.#subscriptions.size > 0 || this.#socket.writableLength > 0) return null;
    return { hasSpoken: this.#hasSpoken, sinceMs: this.#lastActiveMs };
  }

  #refuse(id: RpcId, refusal: RpcRefusal, requestId = this.#parts.makeRequestId()): void {
    const timestamp = new Date(this.#parts.clock.wallMs()).toISOString();
    this.#send(encodeError(id, refusal, { timestamp, requestId }));
  }

  #onFrame(text: string): void {
    const read = readRequest(text);
    if ("refusal" in read) {
      this.#refuse(read.id, read.refusal);
      return;
    }
    const { request } = read;
    const refusal = this.#refusalOf();
    if (refusal === null) void this.#answer(request);
    else if (request.id !== undefined) this.#refuse(request.id, refusal);
  }

  #refusalOf(): RpcRefusal | null {
    if (this.#closing) return toRefusal("WORKER_NOT_RUNNING", "Worker system not running");
    if (this.#inFlight < maxCallsInFlight) return null;
    return { code: -32000, error: "too_many_calls", message: `${maxCallsInFlight} calls are in flight on this connection: wait for an answer before the next.` };
  }

  async #answer({ id, method, params }: RpcRequest): Promise<void> {
    this.#inFlight += 1;
    try {
      const result = this.#subscriptions.call(method, params) ?? (await this.#call(method, params));
      if (id !== undefined) this.#sendResult(id, result);
    } catch (error) {
      if (id !== undefined) this.#fail(id, method, ObservabilityError.from(error));
    } finally {
      this.#inFlight -= 1;
      this.#lastActiveMs = this.#parts.clock.monotonicMs();
      if (this.#closing && this.#inFlight === 0) this.#socket.end();
    }
  }

  async #call(method: string, params: unknown): Promise<string> {
    const operation = this.#operation(method);
    if (operation === undefined) throw new ObservabilityError("ENDPOINT_NOT_FOUND", "This worker has no such method.");
    const options = { budgetMs: this.#parts.requestTimeoutMs, signal: this.#gone.signal };
    return toJson(await answer(operation, params ?? undefined, socketCaller, options, this.#parts.policy));
  }

  #operation(method: string): Operation | undefined {
    const { operations } = this.#parts;
    return Object.hasOwn(operations, method) ? operations[method as keyof CompleteOperations] : undefined;
  }

  #sendResult(id: RpcId, result: string): void {
    const frame = encodeResult(id, result);
    if (Buffer.byteLength(frame) <= maxFrameBytes + 1) this.#send(frame);
    else this.#refuse(id, toRefusal("PAYLOAD_TOO_LARGE", `The answer does not fit into a frame of ${maxFrameBytes} bytes: ask for less, where there is a limit to give.`));
  }

  #fail(id: RpcId, method: string, { code, message }: ObservabilityError): void {
    const requestId = this.#parts.makeRequestId();
    if (code === "INTERNAL" || code === "TIMEOUT") {
      // The request id in the answer is worth something only where the log has it too.
      this.#operation(method)?.context.logger("warn", "request failed", { request_id: requestId, operation: method, error: code });
    }
    this.#refuse(id, toRefusal(code, message), requestId);
  }

  #send(frame: string): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    this.#socket.write(frame);
    if (this.#socket.writableLength > cutOffBytes) this.#socket.destroy();
    else if (this.#socket.writableLength > pauseBytes) this.#pause();
  }

  #pause(): void {
    this.#socket.pause();
    this.#cancelStall ??= this.#parts.clock.after(this.#parts.stalledAfterMs, () => this.#socket.destroy());
  }

  #onDrain(): void {
    this.#cancelStall?.();
    this.#cancelStall = undefined;
    this.#subscriptions.flush();
    this.#socket.resume();
  }

  #closeSoon(): void {
    this.close();
    this.#cancelEnd ??= this.#parts.clock.after(this.#parts.stopTimeoutMs, () => this.#socket.destroy());
  }

  #onClose(): void {
    this.#cancelStall?.();
    this.#cancelEnd?.();
    this.#subscriptions.close();
    this.#gone.abort();
  }
}

/** The body as it is where it is JSON; a text as a JSON text. */
function toJson({ body, mediaType }: Answer): string {
  return mediaType === "application/json" ? body : JSON.stringify(body);
}
