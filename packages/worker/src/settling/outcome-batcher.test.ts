import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { createInFlightSteps } from "../claiming/in-flight-steps.js";
import { OutcomeBatcher } from "./outcome-batcher.js";

const away = Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });
const missing = Object.assign(new Error("relation does not exist"), { code: "42P01" });
const slow = Object.assign(new Error("canceling statement"), { code: "57014" });
const raised = Object.assign(new Error("no letters today"), { code: "P0001" });
const refused = Object.assign(new Error("unsupported Unicode escape sequence"), { code: "22P05" });

/** A batcher of numbers; `answer` decides what becomes of a batch. */
function createTestBatcher(answer: (values: readonly number[]) => unknown = () => undefined) {
  const clock = createFakeClock();
  const inFlight = createInFlightSteps();
  const batches: number[][] = [];
  const alone: number[] = [];
  const written: number[] = [];
  const lost: number[] = [];
  const searches: number[][] = [];
  const found: number[] = [];
  let recoveries = 0;
  const lines: string[] = [];
  const batcher = new OutcomeBatcher<number>({
    what: "numbers",
    clock,
    logger: (level, message) => lines.push(`${level} ${message}`),
    queueName: "q",
    async write(items) {
      const values = items.map((item) => item.value);
      batches.push([...values]);
      return (await answer(values)) === "lost" ? [] : items;
    },
    async writeAlone(item) {
      alone.push(item.value);
      return (await answer([item.value])) === "lost" ? [] : [item];
    },
    async findWritten(items) {
      searches.push(items.map((item) => item.value));
      return items.filter((item) => found.includes(item.value));
    },
    sizeOf: (value) => (value >= 2_000 ? value * 1_000 : 1),
    onWritten: (items) => void written.push(...items.map((item) => item.value)),
    onLost: (items) => void lost.push(...items.map((item) => item.value)),
    onRefused: () => undefined,
    onRecovered: () => void (recoveries += 1),
    prepareWrite: () => Promise.resolve(),
    whenClaimed: () => Promise.resolve(),
  });
  const add = (...values: number[]): void => {
    for (const value of values)
      batcher.add({
        value,
        step: inFlight.acquire({
          queueName: "q",
          messageId: String(value),
          enqueuedUs: "0",
          readCount: 1,
          ageMs: 0,
          body: null,
          headers: null,
          inexact: [],
        }),
      });
  };
  return {
    clock,
    inFlight,
    batcher,
    add,
    batches,
    alone,
    written,
    lost,
    searches,
    found,
    lines,
    recoveries: () => recoveries,
  };
}

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

  it("lets the one that the database refuses hold up no other", async () => {
    const { clock, add, batches, written, lines } = createTestBatcher((values) => {
      if (values.includes(500)) throw refused;
    });
    add(...Array.from({ length: 1_000 }, (_, index) => index));
    await clock.advance(0);
    expect(written).toHaveLength(999);
    expect(written).not.toContain(500);
    expect(batches.length).toBeLessThan(25);
    expect(lines).toEqual(["error the database refuses numbers"]);
    add(1_000);
    await clock.advance(0);
    expect(written).toContain(1_000);
  });

  it("tries the refused one again now and then, by itself", async () => {
    let isRefused = true;
    const { clock, add, batches, alone, written } = createTestBatcher((values) => {
      if (isRefused && values.includes(1)) throw refused;
    });
    add(1);
    await clock.advance(5_000);
    expect([batches, alone]).toEqual([
      [[1], [1]],
      [1, 1],
    ]);
    isRefused = false;
    await clock.advance(5_000);
    expect(written).toEqual([1]);
  });

  it("asks no more than a few times where the database refuses one after another, and writes all once it takes one", async () => {
    let isRefused = true;
    const test = createTestBatcher(() => {
      if (isRefused) throw raised;
    });
    const { clock, add, batches, alone, written, batcher } = test;
    add(...Array.from({ length: 1_000 }, (_, index) => index));
    await clock.advance(0);
    expect(batches.length + alone.length).toBeLessThan(40);
    expect(batcher.refusal()).toEqual({ waiting: 1_000, forMs: 0, error: raised });
    const before = batches.length + alone.length;
    await clock.advance(5_000);
    expect(batches.length + alone.length).toBeLessThanOrEqual(before + 16);
    expect(batcher.refusal()).toEqual({ waiting: 1_000, forMs: 5_000, error: raised });
    isRefused = false;
    await clock.advance(5_000);
    expect([written.length, batcher.refusal(), test.recoveries()]).toEqual([1_000, null, 1]);
  });

  it("tells of a refusal of everything, for how long, and not of an outage", async () => {
    let thrown: Error | null = away;
    const test = createTestBatcher(() => {
      if (thrown !== null) throw thrown;
    });
    const { clock, add, batcher } = test;
    add(1, 2);
    await clock.advance(1_000);
    expect(batcher.refusal()).toBeNull();
    thrown = missing;
    await clock.advance(10_000);
    expect(batcher.refusal()).toMatchObject({ waiting: 2, error: missing });
    const { forMs } = batcher.refusal()!;
    thrown = away;
    await clock.advance(10_000);
    expect(batcher.refusal()).toEqual({ waiting: 2, forMs: forMs + 10_000, error: missing });
    thrown = null;
    await clock.advance(10_000);
    expect([batcher.refusal(), test.recoveries()]).toEqual([null, 1]);
  });

  it("tries fewer at once where the database takes a batch for too slow", async () => {
    const { clock, add, written } = createTestBatcher((values) => {
      if (values.length > 100) throw slow;
    });
    add(...Array.from({ length: 1_000 }, (_, index) => index));
    await clock.advance(60_000);
    expect(written).toHaveLength(1_000);
  });

  it("lets the one that is too slow by itself hold up no other", async () => {
    const { clock, add, written, batcher } = createTestBatcher((values) => {
      if (values.includes(3)) throw slow;
    });
    add(1, 2, 3, 4, 5);
    await clock.advance(60_000);
    expect(written.sort()).toEqual([1, 2, 4, 5]);
    expect(batcher.refusal()).toMatchObject({ waiting: 1, error: slow });
  });

  it("lets go of what is another worker's, and of nothing else", async () => {
    const { clock, add, written, lost } = createTestBatcher((values) =>
      values.includes(1) ? "lost" : undefined,
    );
    add(1);
    await clock.advance(0);
    add(2);
    await clock.advance(60_000);
    expect([lost, written]).toEqual([[1], [2]]);
  });

  it("writes nothing twice where the database goes away between two halves", async () => {
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

  it("takes what an earlier statement wrote, whose answer was lost, for written, and nothing else", async () => {
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

  it("sends what is large in several statements, each of one at least", async () => {
    const { clock, add, batches } = createTestBatcher();
    add(2_000, 2_001, 2_002, 9_000, 1, 2);
    await clock.advance(0);
    expect(batches).toEqual([[2_000, 2_001], [2_002], [9_000], [1, 2]]);
  });

  it("writes again what was claimed again while it was being written, and then no more", async () => {
    const test = createTestBatcher((values) => {
      if (values[0] !== 2 || test.batches.length > 1) return undefined;
      test.inFlight.reacquire({
        queueName: "q",
        messageId: "2",
        enqueuedUs: "0",
        readCount: 2,
        ageMs: 0,
        body: null,
        headers: null,
        inexact: [],
      });
      return "lost";
    });
    test.add(2);
    await test.clock.advance(60_000);
    expect([test.batches, test.written, test.lost]).toEqual([[[2], [2]], [2], []]);
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
