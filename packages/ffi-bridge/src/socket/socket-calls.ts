import { type Clock, ObservabilityError } from "@tasker-observability/core";
import { maxFrameBytes } from "./frame-splitter.js";
import { encodeError, encodeResult, readRequest, type RpcId, type RpcRefusal, type RpcRequest, toRefusal } from "./json-rpc.js";
import { callOperation, findOperation, type OperationParts } from "./operation-call.js";
import type { SocketSubscriptions } from "./socket-subscriptions.js";

/** Calls that may run at once for one connection. */
export const maxCallsInFlight = 64;

/** What the calls of all connections share. */
export interface CallParts extends OperationParts {
  readonly clock: Clock;
  readonly makeRequestId: () => string;
}

/** What a connection gives to its calls, and hears of them. */
export interface CallOutlet {
  readonly subscriptions: SocketSubscriptions;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  readonly send: (frame: string) => void;
  /** A call has ended. */
  readonly onDone: () => void;
}

/** The calls of one connection: carried out, answered, and refused where they go too far. */
export class SocketCalls {
  readonly #parts: CallParts;
  readonly #outlet: CallOutlet;
  #inFlight = 0;
  #closed = false;

  constructor(parts: CallParts, outlet: CallOutlet) {
    this.#parts = parts;
    this.#outlet = outlet;
  }

  /** Whether an answer is still to come. */
  get areUnderWay(): boolean {
    return this.#inFlight > 0;
  }

  /** Refuses all later calls. */
  close(): void {
    this.#closed = true;
  }

  take(frame: string): void {
    const read = readRequest(frame);
    if ("refusal" in read) {
      this.refuse(read.id, read.refusal);
      return;
    }
    const { request } = read;
    const refusal = this.#refusalOf();
    if (refusal === null) void this.#answer(request);
    else if (request.id !== undefined) this.refuse(request.id, refusal);
  }

  refuse(id: RpcId, refusal: RpcRefusal, requestId = this.#parts.makeRequestId()): void {
    const timestamp = new Date(this.#parts.clock.wallMs()).toISOString();
    this.#outlet.send(encodeError(id, refusal, { timestamp, requestId }));
  }

  #refusalOf(): RpcRefusal | null {
    if (this.#closed) return toRefusal("WORKER_NOT_RUNNING", "Worker system not running");
    if (this.#inFlight < maxCallsInFlight) return null;
    return { code: -32000, error: "too_many_calls", message: `${maxCallsInFlight} calls are in flight on this connection: wait for an answer before the next.` };
  }

  async #answer({ id, method, params }: RpcRequest): Promise<void> {
    const { subscriptions, signal, onDone } = this.#outlet;
    this.#inFlight += 1;
    try {
      const result = subscriptions.call(method, params) ?? (await callOperation(this.#parts, { method, params }, signal));
      if (id !== undefined) this.#sendResult(id, result);
    } catch (error) {
      if (id !== undefined) this.#fail(id, method, ObservabilityError.from(error));
    } finally {
      this.#inFlight -= 1;
      onDone();
    }
  }

  #sendResult(id: RpcId, result: string): void {
    const frame = encodeResult(id, result);
    if (Buffer.byteLength(frame) <= maxFrameBytes + 1) this.#outlet.send(frame);
    else this.refuse(id, toRefusal("PAYLOAD_TOO_LARGE", `The answer does not fit into a frame of ${maxFrameBytes} bytes: ask for less, where there is a limit to give.`));
  }

  #fail(id: RpcId, method: string, { code, message }: ObservabilityError): void {
    const requestId = this.#parts.makeRequestId();
    if (code === "INTERNAL" || code === "TIMEOUT") {
      // The request id in the answer is worth something only where the log has it too.
      findOperation(this.#parts.operations, method)?.context.logger("warn", "request failed", { request_id: requestId, operation: method, error: code });
    }
    this.refuse(id, toRefusal(code, message), requestId);
  }
}
