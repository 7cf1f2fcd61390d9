/** A clock that stands still until it is told; core's `Clock`, and the two methods that tests drive it with. */
export interface FakeClock {
  wallMs(): number;
  monotonicMs(): number;
  after(
    delayMs: number,
    run: () => void,
    options?: { readonly keepsProcessAlive?: boolean | undefined },
  ): () => void;
  /** Lets that much time pass: runs the timers that fall due, in order, and lets promises settle after each. */
  advance(ms: number): Promise<void>;
  /** How many timers wait. */
  pendingTimers(): number;
}

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** @param startWallMs the wall clock's first instant, milliseconds since 1970. @default 2025-01-01T00:00:00.000Z */
export function createFakeClock(startWallMs: number = Date.UTC(2025, 0, 1)): FakeClock {
  const timers = new Set<Timer>();
  let nowMs = 0;

  async function runDue(untilMs: number): Promise<void> {
    for (
      let next = earliest(timers);
      next !== null && next.dueMs <= untilMs;
      next = earliest(timers)
    ) {
      timers.delete(next);
      nowMs = next.dueMs;
      next.run();
      await settle();
    }
  }

  return {
    wallMs: () => startWallMs + nowMs,
    monotonicMs: () => nowMs,
    after: (delayMs, run) => {
      const timer = { dueMs: nowMs + Math.max(0, delayMs), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: async (ms) => {
      const untilMs = nowMs + ms;
      await settle();
      await runDue(untilMs);
      nowMs = untilMs;
    },
    pendingTimers: () => timers.size,
  };
}

/** Of two that are due together, the one that was set first: a set keeps its order. */
function earliest(timers: ReadonlySet<Timer>): Timer | null {
  let first: Timer | null = null;
  for (const timer of timers) if (first === null || timer.dueMs < first.dueMs) first = timer;
  return first;
}

/** One turn of the event loop: every promise that can settle by itself has settled. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
