import { createFakeClock } from "@tasker-observability/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Awaitable } from "./awaitable.js";
import { createSharedRun, type SharedResult } from "./shared-run.js";

type Action =
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "ask" }
  | { readonly kind: "settle"; readonly which: number; readonly fails: boolean };

const actions = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("pass" as const),
        ms: fc.constantFrom(0, 1, 50, 99, 100, 101, 199, 200, 1_000),
      }),
    },
    { weight: 4, arbitrary: fc.constant({ kind: "ask" as const }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("settle" as const),
        which: fc.nat({ max: 1 }),
        fails: fc.boolean(),
      }),
    },
  ),
  { maxLength: 60 },
);
const limits = fc.record({
  ttlMs: fc.constantFrom(0, 50, 100, 5_000),
  timeoutMs: fc.constantFrom(100, 150),
  abandonAfterMs: fc.constantFrom(100, 200, 1_000),
});

interface ModelRun {
  readonly id: number;
  readonly startedAt: number;
  timedOutAt: number | null;
  readonly waiters: { answer: Answer | null }[];
}
interface Limits {
  readonly ttlMs: number;
  readonly timeoutMs: number;
  readonly abandonAfterMs: number;
}
interface Answer {
  readonly state: string;
  readonly of: number;
  readonly endedAt: number;
  readonly cached: boolean;
}

/** The rules in their plainest form, one caller after the other. */
class Model {
  now = 0;
  started = 0;
  current: ModelRun | null = null;
  abandoned: ModelRun | null = null;
  #latest: Answer | null = null;

  readonly limits: Limits;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  ask(): { answer: Answer | null } {
    if (this.#latest !== null && this.now - this.#latest.endedAt < this.limits.ttlMs)
      return { answer: { ...this.#latest, cached: true } };
    const hung = this.current !== null && this.current.timedOutAt !== null ? this.current : null;
    if (
      hung !== null &&
      (this.now - hung.startedAt < this.limits.abandonAfterMs || this.abandoned !== null)
    ) {
      return {
        answer: { state: "still_running", of: hung.id, endedAt: hung.timedOutAt!, cached: true },
      };
    }
    if (hung !== null) {
      this.abandoned = hung;
      this.current = null;
    }
    this.current ??= { id: this.started++, startedAt: this.now, timedOutAt: null, waiters: [] };
    const waiter = { answer: null };
    this.current.waiters.push(waiter);
    return waiter;
  }

  pass(ms: number): void {
    const until = this.now + ms;
    const dueAt =
      this.current === null
        ? Number.POSITIVE_INFINITY
        : this.current.startedAt + this.limits.timeoutMs;
    if (this.current !== null && this.current.timedOutAt === null && dueAt <= until) {
      this.now = dueAt;
      this.current.timedOutAt = dueAt;
      this.#end(this.current, "timed_out");
    }
    this.now = until;
  }

  settle(run: ModelRun, state: string): void {
    if (run === this.abandoned) this.abandoned = null;
    if (run !== this.current) return;
    if (run.timedOutAt === null) this.#end(run, state);
    this.current = null;
  }

  #end(run: ModelRun, state: string): void {
    this.#latest = { state, of: run.id, endedAt: this.now, cached: false };
    for (const waiter of run.waiters) waiter.answer = this.#latest;
  }
}

describe("createSharedRun, compared with a model", () => {
  it("answers as the model does, for any sequence of events", async () => {
    await fc.assert(
      fc.asyncProperty(actions, limits, async (sequence, given) => {
        const clock = createFakeClock();
        const model = new Model(given);
        const running = new Map<number, { settle: (fails: boolean) => void }>();
        let started = 0;
        let most = 0;
        const shared = createSharedRun<number>(
          () =>
            new Promise((resolve, reject) => {
              const id = started++;
              const settle = (fails: boolean): void => {
                running.delete(id);
                if (fails) reject(new Error(String(id)));
                else resolve(id);
              };
              running.set(id, { settle });
              most = Math.max(most, running.size);
            }),
          { clock, ...given },
        );
        const asked: {
          expected: { answer: Answer | null };
          given: Awaitable<SharedResult<number>>;
        }[] = [];
        const perform = async (action: Action): Promise<void> => {
          if (action.kind === "ask") asked.push({ expected: model.ask(), given: shared.get() });
          if (action.kind === "pass") model.pass(action.ms);
          if (action.kind === "settle") {
            const run = [model.current, model.abandoned].filter((candidate) => candidate !== null)[
              action.which
            ];
            if (run !== undefined) {
              running.get(run.id)!.settle(action.fails);
              model.settle(run, action.fails ? "failed" : "done");
            }
          }
          await clock.advance(action.kind === "pass" ? action.ms : 0);
        };
        for (const action of sequence) await perform(action);
        for (const ms of [200, 200]) await perform({ kind: "pass", ms });

        expect(started).toBe(model.started);
        expect(most).toBeLessThanOrEqual(2);
        for (const { expected, given: answer } of asked) {
          const { run, cached, endedAtMs } = await answer;
          const of =
            run.state === "done"
              ? run.value
              : run.state === "failed"
                ? Number((run.error as Error).message)
                : expected.answer!.of;
          const endedAt = endedAtMs - (clock.wallMs() - clock.monotonicMs());
          expect({ state: run.state, of, endedAt, cached }).toEqual(expected.answer);
        }
      }),
      { numRuns: 300 },
    );
  });
});
