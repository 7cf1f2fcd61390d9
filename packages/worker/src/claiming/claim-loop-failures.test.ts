import { describe, expect, it } from "vitest";
import { away, createTestLoop, dropped, failWith, readOnly } from "../testing/test-claim-loop.js";

describe("the claim loop, when a claim fails,", () => {
  it("tries again, later from one failure to the next, up to five seconds", async () => {
    const atMs: number[] = [];
    const { clock, run, warnings } = createTestLoop(
      { a_queue: 1 },
      {
        claimBy: () => (queue, limit) => {
          atMs.push(clock.monotonicMs());
          return failWith(away)(queue, limit);
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
    const { clock, run, started } = createTestLoop(
      { a_queue: 15 },
      { claimBy: (claim) => (queue, limit) => (isAway ? failWith(away) : claim)(queue, limit) },
    );
    await run();
    await clock.advance(60_000);
    isAway = false;
    await clock.advance(5_000);
    expect(started).toHaveLength(15);
  });

  it("continues with the other queues when one queue fails", async () => {
    const { clock, run, polls, started, warnings } = createTestLoop(
      { dropped_queue: 0, sound_queue: 100 },
      {
        claimBy: (claim) => (queue, limit) =>
          (queue === "dropped_queue" ? failWith(dropped) : claim)(queue, limit),
      },
    );
    await run();
    expect(started).toHaveLength(100);
    await clock.advance(60_000);
    expect(polls.length).toBeGreaterThan(60);
    expect(new Set(warnings)).toEqual(new Set(["steps of one queue could not be claimed"]));
    expect(warnings.length).toBeLessThan(20);
  });
});

describe("the claim loop, asked for refusals,", () => {
  /** Claims fail with what `fault` says of a queue; none where it says null. */
  function createRefusedLoop(
    depths: Record<string, number>,
    fault: (queue: string) => Error | null,
  ) {
    return createTestLoop(depths, {
      claimBy: (claim) => (queue, limit) => {
        const error = fault(queue);
        return error === null ? claim(queue, limit) : Promise.reject(error);
      },
    });
  }

  it("has none while claims succeed, and counts each queue that is refused", async () => {
    const gone = new Set<string>();
    const { clock, loop, run } = createRefusedLoop({ a_queue: 0, b_queue: 0 }, (queue) =>
      gone.has(queue) ? dropped : null,
    );
    await run();
    expect(loop.refusals()).toBeNull();
    gone.add("a_queue");
    await clock.advance(30_000);
    expect(loop.refusals()).toMatchObject({ queues: 2, refused: 1, error: dropped });
    expect(loop.refusals()?.without_success_ms).toBeLessThan(1_000);
    gone.add("b_queue");
    await clock.advance(30_000);
    expect(loop.refusals()).toMatchObject({ queues: 2, refused: 2 });
    expect(loop.refusals()?.without_success_ms).toBeGreaterThan(28_000);
  });

  it("counts all queues when the database takes no writes, and none from the first claim that succeeds", async () => {
    let fault: Error | null = readOnly;
    const { clock, loop, run } = createRefusedLoop(
      { a_queue: 0, b_queue: 0, c_queue: 0 },
      () => fault,
    );
    await run();
    expect(loop.refusals()).toEqual({
      queues: 3,
      refused: 3,
      without_success_ms: 0,
      error: readOnly,
    });
    await clock.advance(10_000);
    expect(loop.refusals()).toMatchObject({ refused: 3, without_success_ms: 10_000 });
    fault = null;
    await clock.advance(5_000);
    expect(loop.refusals()).toBeNull();
  });

  it("leaves an outage to the check of the database", async () => {
    const { clock, loop, run } = createRefusedLoop({ a_queue: 0 }, () => away);
    await run();
    await clock.advance(60_000);
    expect(loop.refusals()).toBeNull();
  });

  it.each(["paused", "full"])("does not count the time in which it is %s", async (state) => {
    const { clock, loop, run, setCapacity } = createRefusedLoop({ a_queue: 0 }, () => readOnly);
    await run();
    await clock.advance(20_000);
    if (state === "paused") loop.pause();
    else setCapacity(0);
    await clock.advance(60_000);
    expect(loop.refusals()).toMatchObject({ refused: 1, without_success_ms: 0 });
  });
});
