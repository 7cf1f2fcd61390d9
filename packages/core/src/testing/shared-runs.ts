import type { FakeClock } from "@tasker-observability/testkit";
import type { Awaitable } from "../awaitable.js";
import {
  createSharedRun,
  type RunSignals,
  type SharedRun,
  type SharedRunOptions,
} from "../shared-run.js";

/** Work that the test ends. */
export interface StartedRun extends RunSignals {
  succeed(value: string): Promise<void>;
  fail(error: Error): Promise<void>;
}

export function sharedRun(
  clock: FakeClock,
  options: Partial<SharedRunOptions> = {},
): {
  shared: SharedRun<string>;
  runs: StartedRun[];
} {
  const runs: StartedRun[] = [];
  const shared = createSharedRun<string>(
    (signals) =>
      new Promise((resolve, reject) => {
        const settled = (): Promise<void> => clock.advance(0);
        runs.push({
          ...signals,
          succeed: (value) => (resolve(value), settled()),
          fail: (error) => (reject(error), settled()),
        });
      }),
    { clock, ttlMs: 1_000, timeoutMs: 900, ...options },
  );
  return { shared, runs };
}

export const all = <T>(answers: readonly Awaitable<T>[]): Promise<T[]> =>
  Promise.all(answers.map(async (answer) => answer));

export const wallMs = (clock: FakeClock, monotonicMs: number): number =>
  clock.wallMs() - clock.monotonicMs() + monotonicMs;
