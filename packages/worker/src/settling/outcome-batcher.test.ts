import { describe, expect, it, vi } from "vitest";
import { away, createTestBatcher, refused } from "../testing/test-outcome-batcher.js";
import { claimedMessage } from "../testing/claimed-message.js";

describe("an outcome batcher", () => {
  it("writes what comes in one turn of the event loop in one statement", async () => {
    const { clock, add, batches, written } = createTestBatcher();
    add(1, 2, 3);
    await clock.advance(0);
    expect(batches).toEqual([[1, 2, 3]]);
    expect(written).toEqual([1, 2, 3]);
  });

  it("gathers what comes while a statement is under way, and has one under way at a time", async () => {
    let answer: () => void = () => undefined;
    const { clock, add, batches } = createTestBatcher(
      () => new Promise<void>((resolve) => (answer = resolve)),
    );
    add(1);
    await clock.advance(0);
    add(2);
    add(3);
    await clock.advance(0);
    expect(batches).toEqual([[1]]);
    answer();
    await clock.advance(0);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it("keeps everything while the database is away, and writes all of it when it is back, old and new", async () => {
    let isAway = true;
    const { clock, add, batches, written, lines } = createTestBatcher(() => {
      if (isAway) throw away;
    });
    add(1, 2);
    await clock.advance(250);
    add(3);
    expect(written).toEqual([]);
    isAway = false;
    await clock.advance(60_000);
    expect(written).toEqual([1, 2, 3]);
    expect(batches.at(-1)).toEqual([1, 2, 3]);
    expect(lines.every((line) => line === "warn numbers could not be written yet")).toBe(true);
  });

  it("waits longer from one failure to the next, up to five seconds, and begins anew after a success", async () => {
    let isAway = true;
    const atMs: number[] = [];
    const { clock, add } = createTestBatcher(() => {
      atMs.push(clock.monotonicMs());
      if (isAway) throw away;
    });
    add(1);
    await clock.advance(17_000);
    isAway = false;
    await clock.advance(5_000);
    isAway = true;
    add(2);
    await clock.advance(100);
    const waits = atMs.slice(1).map((at, index) => at - atMs[index]!);
    expect(waits.slice(0, 7)).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000]);
    expect(waits.at(-1)).toBe(100);
  });

  it("releases the steps that other workers have claimed, and no others", async () => {
    const { clock, add, written, lost } = createTestBatcher((values) =>
      values.includes(1) ? "lost" : undefined,
    );
    add(1);
    await clock.advance(0);
    add(2);
    await clock.advance(60_000);
    expect([lost, written]).toEqual([[1], [2]]);
  });

  it("writes nothing twice when the database goes away between two halves", async () => {
    let calls = 0;
    const { clock, add, written } = createTestBatcher(() => {
      calls += 1;
      if (calls === 1) throw refused;
      if (calls === 3) throw away;
    });
    add(1, 2, 3, 4);
    await clock.advance(60_000);
    expect(written).toEqual([1, 2, 3, 4]);
  });

  it("counts what an earlier statement wrote without an answer as written, and nothing else", async () => {
    let answer: unknown = away;
    const test = createTestBatcher(() => {
      if (answer instanceof Error) throw answer;
      return answer;
    });
    test.found.push(1, 3);
    test.add(1, 2);
    await test.clock.advance(0);
    answer = "lost";
    await test.clock.advance(100);
    test.add(3);
    await test.clock.advance(0);
    expect([test.searches, test.written, test.lost]).toEqual([[[1, 2]], [1], [2, 3]]);
  });

  it("splits large outcomes into several statements of at least one", async () => {
    const { clock, add, batches } = createTestBatcher();
    add(2_000, 2_001, 2_002, 9_000, 1, 2);
    await clock.advance(0);
    expect(batches).toEqual([[2_000, 2_001], [2_002], [9_000], [1, 2]]);
  });

  it("writes again what was claimed again while it was being written, and then no more", async () => {
    const test = createTestBatcher((values) => {
      if (values[0] !== 2 || test.batches.length > 1) return undefined;
      test.inFlight.reclaim(claimedMessage({ queueName: "q", messageId: "2", readCount: 2 }));
      return "lost";
    });
    test.add(2);
    await test.clock.advance(60_000);
    expect([test.batches, test.written, test.lost]).toEqual([[[2], [2]], [2], []]);
  });

  it("writes again what was renewed while it was being written, once the renewal has been answered", async () => {
    const test = createTestBatcher(() => {
      if (test.batches.length > 1) return undefined;
      test.inFlight.trackFenceChange("q", renewing);
      return "lost";
    });
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const renewing = answered.then(() => {
      for (const step of test.inFlight.byQueue().get("q") ?? [])
        test.inFlight.setVisibleAt(step, "9");
    });
    test.add(2);
    await test.clock.advance(60_000);
    expect([test.batches, test.lost]).toEqual([[[2]], []]);
    answer();
    await test.clock.advance(1);
    await test.clock.advance(1);
    expect([test.batches, test.written, test.lost]).toEqual([[[2], [2]], [2], []]);
  });

  it("writes again what was claimed again while it was looked for", async () => {
    let answer: unknown = away;
    const test = createTestBatcher(() => {
      if (answer instanceof Error) throw answer;
      return answer;
    });
    const claim = claimedMessage({ queueName: "q", messageId: "2", readCount: 2 });
    vi.spyOn(test.searches, "push").mockImplementation(() => {
      answer = undefined;
      return Number(test.inFlight.reclaim(claim));
    });
    test.add(2);
    await test.clock.advance(0);
    answer = "lost";
    await test.clock.advance(60_000);
    await test.clock.advance(0);
    expect([test.written, test.lost]).toEqual([[2], []]);
  });

  it("never sends more than a thousand in one statement", async () => {
    const { clock, add, batches } = createTestBatcher();
    add(...Array.from({ length: 2_500 }, (_, index) => index / 2));
    await clock.advance(0);
    expect(batches.map((batch) => batch.length)).toEqual([1_000, 1_000, 500]);
  });

  it("tries nothing more once it is closed", async () => {
    const { clock, batcher, add, batches } = createTestBatcher(() => {
      throw away;
    });
    add(1);
    await clock.advance(0);
    batcher.close();
    add(2);
    await clock.advance(60_000);
    expect(batches).toEqual([[1]]);
  });
});
