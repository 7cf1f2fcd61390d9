import { ObservabilityError } from "./errors.js";
import type { Call, Operation } from "./operation.js";

/** What a transport says of a call; all have a default. */
export interface CallOptions {
  /** Milliseconds until the call ends in TIMEOUT and its signal is aborted. @default Infinity */
  readonly budgetMs?: number | undefined;
  /** One of the operation's media types. @default its first */
  readonly mediaType?: string | undefined;
  /** The caller's own way to give up. @default never */
  readonly signal?: AbortSignal | undefined;
}

/** Runs an operation within its budget: one that ignores its signal costs its caller the budget and no more. */
export async function runWithin(operation: Operation, params: Record<string, unknown>, options: CallOptions): Promise<unknown> {
  const call = new RunningCall(operation, options);
  const running = operation.run(params, call);
  if (call.budgetMs === Number.POSITIVE_INFINITY && options.signal === undefined) return running;
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      call.abort();
      reject(new ObservabilityError("TIMEOUT", options.signal?.aborted === true ? "The caller gave up." : `No answer within ${call.budgetMs} ms.`));
    };
    const stopWaiting = waitFor(operation, call.budgetMs, options.signal, giveUp);
    running.then(resolve, reject).finally(stopWaiting);
  });
}

function waitFor(operation: Operation, budgetMs: number, signal: AbortSignal | undefined, giveUp: () => void): () => void {
  const cancel = budgetMs === Number.POSITIVE_INFINITY ? undefined : operation.context.clock.after(budgetMs, giveUp);
  if (signal?.aborted === true) giveUp();
  signal?.addEventListener("abort", giveUp, { once: true });
  return () => {
    cancel?.();
    signal?.removeEventListener("abort", giveUp);
  };
}

/** Most operations never look at their signal, and making one costs more than a basic answer does. */
class RunningCall implements Call {
  readonly budgetMs: number;
  readonly mediaType: string;
  #controller: AbortController | undefined;
  #aborted = false;

  constructor(operation: Operation, options: CallOptions) {
    this.budgetMs = options.budgetMs ?? Number.POSITIVE_INFINITY;
    this.mediaType = options.mediaType ?? operation.mediaTypes[0];
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted) this.#controller.abort();
    return this.#controller.signal;
  }

  abort(): void {
    this.#aborted = true;
    this.#controller?.abort();
  }
}
