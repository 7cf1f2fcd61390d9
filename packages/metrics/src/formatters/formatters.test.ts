import { type ExpositionFormat, parseExposition } from "@tasker-observability/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FamilySnapshot } from "../family.js";
import { toWellFormed } from "../scrape/label-sets.js";
import { formatOpenMetricsText } from "./openmetrics-text.js";
import { formatPrometheusText } from "./prometheus-text.js";
import { formatSamples } from "./worker-metrics-json.js";

const steps: FamilySnapshot = {
  name: "steps_total",
  type: "counter",
  help: 'Steps \\ "done"\nby now.',
  points: [{ name: "steps_total", labels: { namespace: "orders", outcome: "failed" }, value: 3 }],
};
const depth: FamilySnapshot = {
  name: "depth",
  type: "gauge",
  help: "Depth.",
  points: [{ name: "depth", labels: {}, value: 0.5 }],
};

const formats: readonly (readonly [
  ExpositionFormat,
  (families: readonly FamilySnapshot[]) => string,
])[] = [
  ["prometheus", formatPrometheusText],
  ["openmetrics", formatOpenMetricsText],
];

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
  it("write Prometheus text", () => {
    expect(formatPrometheusText([steps, depth])).toBe(
      [
        '# HELP steps_total Steps \\\\ "done"\\nby now.',
        "# TYPE steps_total counter",
        'steps_total{namespace="orders",outcome="failed"} 3',
        "# HELP depth Depth.",
        "# TYPE depth gauge",
        "depth 0.5",
        "",
      ].join("\n"),
    );
  });

  it("write OpenMetrics: a counter's family without _total, quotes in a help escaped, EOF at the end", () => {
    expect(formatOpenMetricsText([steps, depth])).toBe(
      [
        '# HELP steps Steps \\\\ \\"done\\"\\nby now.',
        "# TYPE steps counter",
        'steps_total{namespace="orders",outcome="failed"} 3',
        "# HELP depth Depth.",
        "# TYPE depth gauge",
        "depth 0.5",
        "# EOF",
        "",
      ].join("\n"),
    );
  });

  it("give a counter that has no _total its _total in OpenMetrics", () => {
    const bare: FamilySnapshot = {
      ...steps,
      name: "steps",
      points: [{ name: "steps", labels: {}, value: 1 }],
    };
    expect(parseExposition(formatOpenMetricsText([bare]), "openmetrics")).toMatchObject([
      { name: "steps", samples: [{ name: "steps_total" }] },
    ]);
    expect(parseExposition(formatPrometheusText([bare]), "prometheus")).toMatchObject([
      { name: "steps", samples: [{ name: "steps" }] },
    ]);
  });

  it("write samples as data, with a name for what JSON has no number for", () => {
    const values = [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const family: FamilySnapshot = {
      ...depth,
      points: values.map((value) => ({ name: "depth", labels: { of: "x" }, value })),
    };
    expect(formatSamples([family]).depth?.map(({ value }) => value)).toEqual([
      1,
      "NaN",
      "+Inf",
      "-Inf",
    ]);
    expect(formatSamples([steps])).toEqual({
      steps_total: [
        {
          name: "steps_total",
          value: 3,
          metric_type: "counter",
          labels: { namespace: "orders", outcome: "failed" },
          help: steps.help,
        },
      ],
    });
  });

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
