import { describe, expect, it } from "vitest";
import { away, createTestLoop, dropped, failWith } from "../testing/test-claim-loop.js";

describe("the claim loop, when a claim fails,", () => {
  it("tries again, later from one failure to the next, up to five seconds", async () => {
    const atMs: number[] = [];
    const { clock, run, warnings } = createTestLoop(
      { a_queue: 1 },
      {
        claimBy: () => (queue, most) => {
          atMs.push(clock.monotonicMs());
          return failWith(away)(queue, most);
        },
      },
    );
    await run();
    await clock.advance(20_000);
    expect(atMs).toEqual([0, 100, 300, 700, 1_500, 3_100, 6_300, 11_300, 16_300]);
    expect(new Set(warnings)).toEqual(new Set(["steps could not be claimed"]));
  });

  it("claims everything once the database is back", async () => {
    let isAway = true;
    const { clock, run, started } = createTestLoop({ a_queue: 15 }, { claimBy: (claim) => (queue, most) => (isAway ? failWith(away) : claim)(queue, most) });
    await run();
    await clock.advance(60_000);
    isAway = false;
    await clock.advance(5_000);
    expect(started).toHaveLength(15);
  });

  it("goes on with the other queues where the fault is one queue's", async () => {
    const { clock, run, looks, started, warnings } = createTestLoop(
      { dropped_queue: 0, sound_queue: 100 },
      { claimBy: (claim) => (queue, most) => (queue === "dropped_queue" ? failWith(dropped) : claim)(queue, most) },
    );
    await run();
    expect(started).toHaveLength(100);
    await clock.advance(60_000);
    expect(looks.length).toBeGreaterThan(60);
    expect(new Set(warnings)).toEqual(new Set(["steps of one queue could not be claimed"]));
    expect(warnings.length).toBeLessThan(20);
  });
});
