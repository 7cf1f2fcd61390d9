import { createFakeClock } from "@tasker-observability/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SlidingCounts } from "./sliding-counts.js";

const windowMs = 300_000;
const slotMs = windowMs / 60;

describe("SlidingCounts", () => {
  it("counts all that is younger than its window less one slot, and nothing that is older than its window", async () => {
    const event = fc.record({
      afterMs: fc.integer({ min: 0, max: 40_000 }),
      isError: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 60 }),
        fc.integer({ min: 0, max: 2 * windowMs }),
        async (events, thenMs) => {
          const clock = createFakeClock();
          const counts = new SlidingCounts(clock, windowMs);
          const recorded: { atMs: number; isError: boolean }[] = [];
          for (const { afterMs, isError } of events) {
            await clock.advance(afterMs);
            counts.record(isError);
            recorded.push({ atMs: clock.monotonicMs(), isError });
          }
          await clock.advance(thenMs);
          const youngerThan = (ms: number): typeof recorded =>
            recorded.filter(({ atMs }) => clock.monotonicMs() - atMs < ms);
          const [atLeast, atMost] = [youngerThan(windowMs - slotMs), youngerThan(windowMs)];
          const { samples, errors } = counts.sum();
          expect(samples).toBeGreaterThanOrEqual(atLeast.length);
          expect(samples).toBeLessThanOrEqual(atMost.length);
          expect(errors).toBeGreaterThanOrEqual(atLeast.filter(({ isError }) => isError).length);
          expect(errors).toBeLessThanOrEqual(atMost.filter(({ isError }) => isError).length);
        },
      ),
    );
  });

  it("is empty after any pause that is longer than its window", async () => {
    for (const pauseMs of [windowMs, windowMs + 1, 17 * windowMs + 3]) {
      const clock = createFakeClock();
      const counts = new SlidingCounts(clock, windowMs);
      counts.record(true);
      await clock.advance(pauseMs);
      expect(counts.sum()).toEqual({ samples: 0, errors: 0 });
    }
  });

  it("works on a clock that starts below zero, and keeps its counts when the clock steps back", () => {
    let nowMs = -1_000_000;
    const counts = new SlidingCounts({ ...createFakeClock(), monotonicMs: () => nowMs }, windowMs);
    counts.record(false);
    nowMs += 100_000;
    counts.record(true);
    nowMs -= 50_000;
    counts.record(true);
    expect(counts.sum()).toEqual({ samples: 3, errors: 2 });
  });
});
