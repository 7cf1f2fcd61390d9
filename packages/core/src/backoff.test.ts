import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBackoff } from "./backoff.js";

describe("a backoff", () => {
  it("lists everything that is wrong with its options", () => {
    const options = { firstMS: 100, maxMs: Infinity, jitter: 20, random: 0.5 } as never;
    expect(() => createBackoff(options)).toThrow(
      /^Unknown option "firstMS" of createBackoff\. Did you mean "firstMs"\? firstMs must be a number from 0 to 2147483647, but is missing\. maxMs must be a number from 0 to 2147483647, not Infinity\. jitter must be a number from 0 to 1, not 20\. random must be a function: \(\) => number from 0 to 1, not a number\.$/,
    );
  });

  it("doubles its delays up to the longest", () => {
    const backoff = createBackoff({ firstMs: 100, maxMs: 500 });
    expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([100, 200, 400, 500, 500]);
  });

  it("starts again after a success", () => {
    const backoff = createBackoff({ firstMs: 100, maxMs: 500 });
    backoff.next();
    backoff.next();
    backoff.reset();
    expect([backoff.next(), backoff.next()]).toEqual([100, 200]);
  });

  it("shows the next delay without consuming it", () => {
    const backoff = createBackoff({ firstMs: 100, maxMs: 500, jitter: 0.5 });
    const delay = backoff.peek();
    expect([backoff.peek(), backoff.next()]).toEqual([delay, delay]);
  });

  it("shortens a delay by at most its jitter, and never below zero or beyond the longest", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, fc.array(share, { minLength: 1 }), (jitter, draws) => {
        let index = 0;
        const random = (): number => draws[index++ % draws.length] ?? 0;
        const backoff = createBackoff({ firstMs: 100, maxMs: 1_000, jitter, random });
        const fullMs = [100, 200, 400, 800, 1_000, 1_000];
        for (const full of fullMs) {
          const delayMs = backoff.next();
          expect(delayMs).toBeLessThanOrEqual(full);
          expect(delayMs).toBeGreaterThanOrEqual(Math.floor(full * (1 - jitter)));
        }
      }),
    );
  });
});
