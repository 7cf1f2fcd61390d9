import { describe, expect, it } from "vitest";
import {
  away,
  createTestBatcher,
  missing,
  raised,
  refused,
  slow,
} from "../testing/test-outcome-batcher.js";

describe("an outcome batcher whose database refuses outcomes", () => {
  it("writes the others when the database refuses one", async () => {
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

  it("tries only a few times when the database refuses one after another, and writes all once it accepts one", async () => {
    let isRefused = true;
    const test = createTestBatcher(() => {
      if (isRefused) throw raised;
    });
    const { clock, add, batches, alone, written, batcher } = test;
    add(...Array.from({ length: 1_000 }, (_, index) => index));
    await clock.advance(0);
    expect(batches.length + alone.length).toBeLessThan(40);
    expect(batcher.refusal()).toEqual({ waiting: 1_000, durationMs: 0, error: raised });
    const before = batches.length + alone.length;
    await clock.advance(5_000);
    expect(batches.length + alone.length).toBeLessThanOrEqual(before + 16);
    expect(batcher.refusal()).toEqual({ waiting: 1_000, durationMs: 5_000, error: raised });
    isRefused = false;
    await clock.advance(5_000);
    expect([written.length, batcher.refusal(), test.recoveries()]).toEqual([1_000, null, 1]);
  });

  it("reports a refusal of everything and for how long, but no outage", async () => {
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
    const { durationMs } = batcher.refusal()!;
    thrown = away;
    await clock.advance(10_000);
    expect(batcher.refusal()).toEqual({
      waiting: 2,
      durationMs: durationMs + 10_000,
      error: missing,
    });
    thrown = null;
    await clock.advance(10_000);
    expect([batcher.refusal(), test.recoveries()]).toEqual([null, 1]);
  });

  it("tries smaller batches when one is too slow", async () => {
    const { clock, add, written } = createTestBatcher((values) => {
      if (values.length > 100) throw slow;
    });
    add(...Array.from({ length: 1_000 }, (_, index) => index));
    await clock.advance(60_000);
    expect(written).toHaveLength(1_000);
  });

  it("writes the others when one is too slow by itself", async () => {
    const { clock, add, written, batcher } = createTestBatcher((values) => {
      if (values.includes(3)) throw slow;
    });
    add(1, 2, 3, 4, 5);
    await clock.advance(60_000);
    expect(written.sort()).toEqual([1, 2, 4, 5]);
    expect(batcher.refusal()).toMatchObject({ waiting: 1, error: slow });
  });

  it("counts an outcome once while it is refused by itself and everything is refused as well", async () => {
    let thrown: Error = refused;
    const { clock, add, batcher } = createTestBatcher(() => {
      throw thrown;
    });
    add(1);
    await clock.advance(0);
    thrown = missing;
    add(2);
    await clock.advance(5_000);
    expect(batcher.refusal()).toMatchObject({ waiting: 2, error: missing });
  });

  it("reports a refusal for as long as it lasts when an accepted statement writes nothing", async () => {
    const { clock, add, batcher } = createTestBatcher((values) => {
      if (values.includes(1)) throw refused;
      return "lost";
    });
    add(1);
    await clock.advance(3_000);
    add(2);
    await clock.advance(0);
    expect(batcher.refusal()).toEqual({ waiting: 1, durationMs: 3_000, error: refused });
  });
});
