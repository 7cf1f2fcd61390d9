/** Time, as everything here reads it; a fake one turns time in tests. */
export interface Clock {
  /** Milliseconds since the Unix epoch: for timestamps only, it can jump. */
  wallMs(): number;
  /** Milliseconds from an arbitrary start that never go back: for ages and durations. */
  monotonicMs(): number;
  /** Runs `run` once, `delayMs` from now, without keeping the process alive. @returns a function that cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** The clock of the machine. Its timers are unref'd. */
export const systemClock: Clock = Object.freeze({
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs: number, run: () => void) {
    let timer = startTimer(delayMs, fire);
    let leftMs = delayMs;
    function fire(): void {
      leftMs -= longestTimerMs;
      if (leftMs > 0) timer = startTimer(leftMs, fire);
      else run();
    }
    return () => {
      clearTimeout(timer);
    };
  },
});

// Node fires a longer timer at once.
const longestTimerMs = 2 ** 31 - 1;

function startTimer(delayMs: number, run: () => void): NodeJS.Timeout {
  return setTimeout(run, Math.min(delayMs, longestTimerMs)).unref();
}
