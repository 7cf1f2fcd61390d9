import { afterEach, describe, expect, it, vi } from "vitest";
import { AcquireCounter } from "./acquire-counter.js";

const nothing = { total: 0, slow: 0, errors: 0, averageMs: 0, maxMs: 0 };

/** Has the next wait take so long. */
function waitOf(ms: number): void {
  const now = vi.spyOn(performance, "now");
  now.mockReturnValueOnce(1_000).mockReturnValueOnce(1_000 + ms);
}

describe("the counter of acquired connections", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("has counted nothing at first", () => {
    expect(new AcquireCounter().statistics()).toEqual(nothing);
  });

  it("counts waits, the slow ones, their average and the longest", async () => {
    const counter = new AcquireCounter();
    for (const ms of [99, 100, 2]) {
      waitOf(ms);
      expect(await counter.count(Promise.resolve(ms))).toBe(ms);
    }
    expect(counter.statistics()).toEqual({
      total: 3,
      slow: 1,
      errors: 0,
      averageMs: 67,
      maxMs: 100,
    });
  });

  it("counts a caller that was given no connection as an error alone", async () => {
    const counter = new AcquireCounter();
    const refused = new Error("timeout exceeded when trying to connect");
    await expect(counter.count(Promise.reject(refused))).rejects.toBe(refused);
    expect(counter.statistics()).toEqual({ ...nothing, errors: 1 });
  });
});
