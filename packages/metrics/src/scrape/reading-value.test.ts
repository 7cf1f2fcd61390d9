import { describe, expect, it } from "vitest";
import { toReadingValue } from "./reading-value.js";

const gauge = { name: "depth", type: "gauge" } as const;
const counter = { name: "hits_total", type: "counter" } as const;

describe("toReadingValue", () => {
  it.each([0, 1, -1, 0.5, 1e21, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "takes %s for a gauge",
    (value) => {
      expect(toReadingValue(gauge, value)).toBe(value);
    },
  );

  it("reads -0 as 0", () => {
    expect(Object.is(toReadingValue(gauge, -0), 0)).toBe(true);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("rejects %s for a counter", (value) => {
    expect(() => toReadingValue(counter, value)).toThrow(
      `hits_total: a counter cannot be ${value}.`,
    );
  });

  it("accepts a bigint up to 2^53 and rejects a larger one", () => {
    expect(toReadingValue(counter, 2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => toReadingValue(counter, 2n ** 53n)).toThrow("beyond 2^53");
    expect(() => toReadingValue(gauge, -(2n ** 60n))).toThrow("beyond 2^53");
  });

  it.each(["7", undefined, null, {}, true])("rejects %s", (value) => {
    expect(() => toReadingValue(gauge, value)).toThrow(TypeError);
  });
});
