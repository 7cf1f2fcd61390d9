import {
  type AccessLog,
  type Clock,
  notRunningMessage,
  ObservabilityError,
} from "@tasker-observability/core";
import { findOperation } from "../call-operation.js";
import { BatchAnswer } from "./batch-answer.js";
import { maxFrameBytes } from "./frame-splitter.js";
import {
  encodeError,
  encodeResult,
  readFrame,
  type ReadRequest,
  type RpcId,
  type RpcRejection,
  type RpcRequest,
  toRejection,
} from "./json-rpc.js";
import { callOperation, type OperationParts } from "./operation-call.js";
import type { SocketSubscriptions } from "./socket-subscriptions.js";

/** Calls that may run at once for one connection. */
export const maxCallsInFlight = 64;

/** What the calls of all connections share. */
export interface CallParts extends OperationParts {
  readonly clock: Clock;
  readonly makeRequestId: () => string;
  readonly accessLog: AccessLog;
}

/** What calls need of their connection. */
export interface CallChannel {
  readonly subscriptions: SocketSubscriptions;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
  readonly send: (frame: string) => void;
  /** Called when a frame is answered. */
  readonly onDone: () => void;
}

type Send = CallChannel["send"];

const tooLargeForBatch = toRejection(
  "PAYLOAD_TOO_LARGE",
  `The answers of this batch do not fit into one frame of ${maxFrameBytes} bytes: send this request on its own.`,
);

/** Runs the calls of one connection, and rejects those beyond its limits. */
export class SocketCalls {
  readonly #parts: CallParts;
  readonly #channel: CallChannel;
  #pendingFrames = 0;
  #inFlight = 0;
  #closed = false;

  constructor(parts: CallParts, channel: CallChannel) {
    this.#parts = parts;
    this.#channel = channel;
  }

  /** Whether a frame is not answered yet. */
  get hasPending(): boolean {
    return this.#pendingFrames > 0;
  }

  /** Whether it is closed and every frame is answered. */
  get isDrained(): boolean {
    return this.#closed && !this.hasPending;
  }

  /** Rejects all later calls. */
  close(): void {
    this.#closed = true;
  }

  /** Answers a frame. */
  async handle(frame: string): Promise<void> {
    this.#pendingFrames += 1;
    try {
      const read = readFrame(frame);
      await ("batch" in read
        ? this.#handleBatch(read.batch)
        : this.#handle(read, this.#channel.send));
    } finally {
      this.#pendingFrames -= 1;
      this.#channel.onDone();
    }
  }

  reject(id: RpcId, rejection: RpcRejection): void {
    this.#channel.send(this.#encode(id, rejection));
  }

  async #handleBatch(batch: readonly ReadRequest[]): Promise<void> {
    const answer = new BatchAnswer(batch.length);
    await Promise.all(
      batch.map((read) =>
        this.#handle(read, (frame) =>
          answer.add(frame, () => this.#encode(idOf(read), tooLargeForBatch)),
        ),
      ),
    );
    const frame = answer.frame();
    if (frame !== null) this.#channel.send(frame);
  }

  async #handle(read: ReadRequest, send: Send): Promise<void> {
    if ("rejection" in read) {
      send(this.#encode(read.id, read.rejection));
      return;
    }
    const { request } = read;
    const rejection = this.#rejectionFor();
    if (rejection === null) await this.#answer(request, send);
    else if (request.id !== undefined) send(this.#encode(request.id, rejection));
  }

  #encode(id: RpcId, rejection: RpcRejection, requestId = this.#parts.makeRequestId()): string {
    const timestamp = new Date(this.#parts.clock.wallMs()).toISOString();
    return encodeError(id, rejection, { timestamp, requestId });
  }

  #rejectionFor(): RpcRejection | null {
    if (this.#closed) return toRejection("WORKER_NOT_RUNNING", notRunningMessage);
    if (this.#inFlight < maxCallsInFlight) return null;
    return {
      code: -32000,
      error: "too_many_calls",
      message: `${maxCallsInFlight} calls are in flight on this connection: wait for an answer before the next.`,
    };
  }

  async #answer({ id, method, params }: RpcRequest, send: Send): Promise<void> {
    const { subscriptions, signal } = this.#channel;
    this.#inFlight += 1;
    try {
      const result =
        subscriptions.call(method, params) ??
        (await callOperation(this.#parts, { method, params }, signal));
      this.#record(method);
      if (id !== undefined) send(this.#encodeResult(id, result));
    } catch (error) {
      const failure = ObservabilityError.from(error);
      const requestId = this.#parts.makeRequestId();
      this.#record(method, { failure, requestId });
      if (id === undefined) return;
      send(this.#encode(id, toRejection(failure.code, failure.message), requestId));
    } finally {
      this.#inFlight -= 1;
    }
  }

  #encodeResult(id: RpcId, result: string): string {
    const frame = encodeResult(id, result);
    if (Buffer.byteLength(frame) <= maxFrameBytes + 1) return frame;
    return this.#encode(
      id,
      toRejection(
        "PAYLOAD_TOO_LARGE",
        `The answer does not fit into a frame of ${maxFrameBytes} bytes: request less, with a limit if the operation takes one.`,
      ),
    );
  }

  /** Logs a call that belongs into the access log, and one that failed. */
  #record(method: string, failed?: { failure: ObservabilityError; requestId: string }): void {
    const operation = findOperation(this.#parts.operations, method);
    if (operation === null) return;
    const { failure = null, requestId } = failed ?? {};
    this.#parts.accessLog.record({
      transport: "socket",
      caller: "no key",
      operation,
      failure,
      requestId,
    });
    if (failure?.code === "INTERNAL" || failure?.code === "TIMEOUT") {
      // The request id in the answer is useful only if the log has it too.
      operation.context.logger("warn", "request failed", {
        request_id: requestId,
        operation: method,
        error: failure.code,
      });
    }
  }
}

function idOf(read: ReadRequest): RpcId {
  return "rejection" in read ? read.id : (read.request.id ?? null);
}
