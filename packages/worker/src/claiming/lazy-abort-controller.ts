/**
 * An AbortController whose signal is made when it is first asked for: making one costs more than the rest of a short step, and few
 * handlers look at it.
 */
export class LazyAbortController {
  #controller: AbortController | null = null;
  #reason: Error | null = null;
  #onAbort: ((reason: Error) => void) | null = null;

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#reason !== null) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Why it was aborted; null where it was not. */
  get reason(): Error | null {
    return this.#reason;
  }

  /** Calls back before listeners of the signal. There is one callback: a later one replaces it. */
  onAbort(run: (reason: Error) => void): void {
    this.#onAbort = run;
  }

  /** A second call does nothing. */
  abort(reason: Error): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    this.#onAbort?.(reason);
    this.#controller?.abort(reason);
  }
}
