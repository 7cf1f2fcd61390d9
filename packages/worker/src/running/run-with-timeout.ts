import { types } from "node:util";
import type { Clock } from "@tasker-observability/core";
import type { LazyAbortController } from "../claiming/lazy-abort-controller.js";
import { isInstance } from "./is-instance.js";
import { isPermanent } from "./step-handler.js";
import { thrownMessage, describeThrown } from "../settling/thrown-message.js";
import { readStringProperty } from "../settling/read-string-property.js";

/** A handler did not finish within its step's time-out. */
export class StepTimeoutError extends Error {
  override readonly name = "StepTimeoutError";
  readonly code = "step_timeout";

  constructor(timeoutMs: number) {
    super(`The handler did not finish within ${timeoutMs} ms.`);
  }
}

export interface TimedRun {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Aborted at the time-out; aborting it from elsewhere ends the wait as well. Not yet aborted. */
  readonly controller: LazyAbortController;
  /** Called when the handler itself has ended, however late. */
  readonly onSettled: () => void;
}

/**
 * Waits for a handler until its time-out. Resolves to its result.
 * @throws StepTimeoutError, the reason of an abort from elsewhere, or what the handler rejects with.
 */
export function runWithTimeout(run: TimedRun, handler: () => Promise<unknown>): Promise<unknown> {
  const { clock, timeoutMs, controller, onSettled } = run;
  // Not `withDeadline`: it needs the signal, which is only made where the handler asks for it.
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeoutMs, () => {
      controller.abort(new StepTimeoutError(timeoutMs));
    });
    // Registered first, so that the reason of the abort wins over the handler's error.
    controller.onAbort((reason) => {
      cancel();
      reject(reason);
    });
    const settle = (): void => {
      cancel();
      onSettled();
    };
    callHandler(handler).then(
      (result) => {
        settle();
        resolve(result);
      },
      (error: unknown) => {
        settle();
        reject(toError(error));
      },
    );
  });
}

// An async function, so that a handler that throws before its first await rejects like any other.
async function callHandler(handler: () => Promise<unknown>): Promise<unknown> {
  return handler();
}

/** An error of another realm (a vm context) is one too. */
function toError(thrown: unknown): Error {
  return isInstance(thrown, Error) || types.isNativeError(thrown)
    ? thrown
    : new NotAnErrorThrown(thrown);
}

/** Something other than an Error was thrown; what it says of itself is carried over. */
class NotAnErrorThrown extends Error {
  override readonly name = "NotAnErrorThrown";
  readonly code: string;
  readonly retryable: boolean;

  constructor(thrown: unknown) {
    super(
      thrownMessage(thrown) ??
        `The handler threw a value that is not an Error: ${describeThrown(thrown)}`,
    );
    this.code = readStringProperty(thrown, "code") ?? "step_failed";
    this.retryable = !isPermanent(thrown);
  }
}
