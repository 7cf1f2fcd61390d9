import { type ExpositionFormat, parseExposition } from "@tasker-observability/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FamilySnapshot } from "../family.js";
import { toWellFormed } from "../scrape/label-sets.js";
import { formats, steps } from "../testing/families.js";

/** One gauge with one label, through text and back. */
function throughText(
  format: ExpositionFormat,
  write: (families: readonly FamilySnapshot[]) => string,
  label: string,
  value: number,
): unknown {
  const family: FamilySnapshot = {
    name: "depth",
    type: "gauge",
    help: label || "-",
    points: [{ name: "depth", labels: { namespace: label }, value }],
  };
  return parseExposition(write([family, steps]), format)[0];
}

describe("the formatters", () => {
  describe.each(formats)("in %s", (format, write) => {
    it.each([
      ["a quote", '"'],
      ["a backslash", "\\"],
      ["a backslash before n", "\\n"],
      ["a line feed", "a\nb"],
      ["a carriage return", "a\r\nb"],
      ["a line separator", "a\u2028b\u2029c\u0085d"],
      ["NUL", "a\0b"],
      ["a forged series", 'a"} 1\nup{job="prod'],
      ["a forged end", "a\n# EOF\n"],
      ["an emoji", "\u{1f600}"],
      ["nothing", ""],
    ])("carry %s in a label and a help unchanged", (_, text) => {
      expect(throughText(format, write, text, 1)).toEqual({
        name: "depth",
        type: "gauge",
        help: text || "-",
        samples: [{ name: "depth", labels: { namespace: text }, value: 1 }],
      });
    });

    it.each([
      0,
      -1.5,
      1e21,
      1e-7,
      5e-324,
      Number.MAX_VALUE,
      2 ** 53,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ])("carry %s", (value) => {
      expect(throughText(format, write, "x", value)).toMatchObject({ samples: [{ value }] });
    });

    it("carry any text and any number", () => {
      fc.assert(
        fc.property(fc.string({ unit: "binary" }), fc.double(), (text, number) => {
          const label = toWellFormed(text);
          const value = number + 0;
          expect(throughText(format, write, label, value)).toMatchObject({
            samples: [{ labels: { namespace: label }, value }],
          });
        }),
      );
    });
  });
});
