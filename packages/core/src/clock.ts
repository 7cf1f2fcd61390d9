/** The clock of all packages; tests use a fake one. */
export interface Clock {
  /** Milliseconds since the Unix epoch: for timestamps only, it can jump. */
  wallMs(): number;
  /** Milliseconds from an arbitrary start that never go back: for ages and durations. */
  monotonicMs(): number;
  /** Runs `run` once, `delayMs` from now. @returns a function that cancels it. */
  after(delayMs: number, run: () => void, options?: TimerOptions): () => void;
}

/** Options of a timer. */
export interface TimerOptions {
  /**
   * Whether the timer keeps the process alive, for a wait that a caller awaits. Without it, Node exits silently
   * when nothing else is pending. @default false
   */
  readonly keepsProcessAlive?: boolean | undefined;
}

/** The clock of the machine. */
export const systemClock: Clock = Object.freeze({
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs: number, run: () => void, { keepsProcessAlive = false }: TimerOptions = {}) {
    if (delayMs <= maxTimerMs) {
      const timer = startTimer(delayMs, run, keepsProcessAlive);
      return () => clearTimeout(timer);
    }
    let cancel = systemClock.after(maxTimerMs, fire, { keepsProcessAlive });
    function fire(): void {
      cancel = systemClock.after(delayMs - maxTimerMs, run, { keepsProcessAlive });
    }
    return () => cancel();
  },
});

/** The longest delay of a Node timer, in milliseconds. A longer one fires immediately. */
export const maxTimerMs = 2 ** 31 - 1;

function startTimer(delayMs: number, run: () => void, keepsProcessAlive: boolean): NodeJS.Timeout {
  const timer = setTimeout(run, delayMs);
  return keepsProcessAlive ? timer : timer.unref();
}
