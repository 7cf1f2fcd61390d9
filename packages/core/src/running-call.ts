import { withDeadline } from "./deadline.js";
import { ObservabilityError } from "./errors.js";
import type { Awaitable } from "./awaitable.js";
import type { Call, Operation } from "./operation.js";

/** What a transport says about a call; all have a default. */
export interface CallOptions {
  /** Milliseconds until the call ends in TIMEOUT and its signal is aborted. @default Infinity */
  readonly budgetMs?: number | undefined;
  /** One of the operation's media types. @default its first */
  readonly mediaType?: string | undefined;
  /** Aborts the call. @default never */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs an operation within its budget: even one that ignores its signal takes no longer.
 * A synchronous result is returned and a synchronous error is thrown, without a promise.
 */
export function runWithin(
  operation: Operation,
  params: Record<string, unknown>,
  options: CallOptions,
): Awaitable<unknown> {
  if (options.signal?.aborted === true) throw callerGaveUp();
  const call = new RunningCall(operation, options);
  const running = operation.run(params, call);
  return isThenable(running)
    ? waitWithin(call, operation, Promise.resolve(running), options.signal)
    : running;
}

function waitWithin(
  call: RunningCall,
  operation: Operation,
  running: Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  if (signal === undefined && call.budgetMs === Number.POSITIVE_INFINITY) return running;
  return withDeadline(running, {
    clock: operation.context.clock,
    timeoutMs: call.budgetMs,
    signal,
    keepsProcessAlive: true,
    onGiveUp() {
      const error =
        signal?.aborted === true
          ? callerGaveUp()
          : new ObservabilityError("TIMEOUT", `No answer within ${call.budgetMs} ms.`);
      call.abort(error);
      throw error;
    },
  });
}

function callerGaveUp(): ObservabilityError {
  return new ObservabilityError("TIMEOUT", "The caller gave up.");
}

/** Most operations never use their signal, and making one costs more than a basic answer. */
class RunningCall implements Call {
  readonly budgetMs: number;
  readonly mediaType: string;
  #controller: AbortController | undefined;
  #abortedBy: ObservabilityError | undefined;

  constructor(operation: Operation, options: CallOptions) {
    this.budgetMs = options.budgetMs ?? Number.POSITIVE_INFINITY;
    this.mediaType = options.mediaType ?? operation.mediaTypes[0];
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#abortedBy !== undefined) this.#controller.abort(this.#abortedBy);
    return this.#controller.signal;
  }

  abort(reason: ObservabilityError): void {
    this.#abortedBy = reason;
    this.#controller?.abort(reason);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}
