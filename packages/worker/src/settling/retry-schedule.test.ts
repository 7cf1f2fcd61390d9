import { type ResolvedRetry, retryDefaults } from "@tasker-observability/templates";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attemptsGranted, backoffDelayMs } from "./retry-schedule.js";

const policyOf = (changes: Partial<ResolvedRetry>): ResolvedRetry => ({
  ...retryDefaults,
  ...changes,
});
const kinds = ["none", "linear", "exponential", "fibonacci"] as const;
const anyPolicy = fc.record({
  retryable: fc.boolean(),
  max_attempts: fc.integer({ min: 0, max: 100 }),
  backoff: fc.constantFrom(...kinds),
  backoff_base_ms: fc.integer({ min: 0, max: 600_000 }),
  max_backoff_ms: fc.integer({ min: 0, max: 3_600_000 }),
});

/** The formula as it is written in the documentation, by its plainest reading. */
function asWritten(
  { backoff, backoff_base_ms: base, max_backoff_ms: cap }: ResolvedRetry,
  n: number,
): number {
  const growth = {
    none: 0,
    linear: base * n,
    exponential: base * 2 ** (n - 1),
    fibonacci: base * fibonacciOf(n),
  };
  return Math.min(growth[backoff], cap);
}

function fibonacciOf(n: number): number {
  return n <= 2 ? 1 : fibonacciOf(n - 1) + fibonacciOf(n - 2);
}

describe("the delay after a failed attempt", () => {
  it("follows the written formula of its kind, up to the cap", () => {
    fc.assert(
      fc.property(anyPolicy, fc.integer({ min: 1, max: 20 }), (policy, attempt) => {
        expect(backoffDelayMs(policy, attempt)).toBe(asWritten(policy, attempt));
      }),
    );
  });

  it.each([
    ["none", [0, 0, 0, 0, 0]],
    ["linear", [100, 200, 300, 400, 500]],
    ["exponential", [100, 200, 400, 800, 1_000]],
    ["fibonacci", [100, 100, 200, 300, 500]],
  ] as const)(
    "of kind %s with a base of 100 ms and a cap of 1000 ms is %j",
    (backoff, expected) => {
      const policy = policyOf({ backoff, backoff_base_ms: 100, max_backoff_ms: 1_000 });
      expect([1, 2, 3, 4, 5].map((attempt) => backoffDelayMs(policy, attempt))).toEqual(expected);
    },
  );

  it("never shrinks from one attempt to the next", () => {
    fc.assert(
      fc.property(anyPolicy, fc.integer({ min: 1, max: 5_000 }), (policy, attempt) => {
        expect(backoffDelayMs(policy, attempt + 1)).toBeGreaterThanOrEqual(
          backoffDelayMs(policy, attempt),
        );
      }),
    );
  });

  it("is a finite number of milliseconds, at most a year, whatever a template and a read count say", () => {
    const anyNumber = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(0, -1, Number.MAX_VALUE),
    );
    const wildPolicy = fc.record({
      retryable: fc.boolean(),
      max_attempts: anyNumber,
      backoff: fc.constantFrom(...kinds),
      backoff_base_ms: anyNumber,
      max_backoff_ms: anyNumber,
    });
    fc.assert(
      fc.property(wildPolicy, fc.integer({ min: 1, max: 2 ** 31 - 1 }), (policy, attempt) => {
        const delayMs = backoffDelayMs(policy, attempt);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(365 * 24 * 3_600_000);
      }),
    );
  });
});

describe("the number of attempts", () => {
  it.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [7, 7],
  ])("with max_attempts %i is %i", (maxAttempts, granted) => {
    expect(attemptsGranted(policyOf({ max_attempts: maxAttempts }))).toBe(granted);
  });

  it("is one when the step is not retryable, whatever max_attempts says", () => {
    expect(attemptsGranted(policyOf({ retryable: false, max_attempts: 7 }))).toBe(1);
  });
});
