import { parseExposition } from "@tasker-observability/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FamilySnapshot, sampleNamesOf } from "../family.js";
import { formatOpenMetricsText } from "./openmetrics-text.js";
import { formatPrometheusText } from "./prometheus-text.js";
import { formatSamples } from "./worker-metrics-json.js";
import { depth, familyOf, formats, steps, types } from "../testing/families.js";

const suffixes = ["", "_total", "_created", "_info", "_sum", "_count", "_bucket"];

const anyFamily = fc
  .record({
    type: fc.constantFrom(...types),
    suffix: fc.constantFrom(...suffixes),
    second: fc.constantFrom(...suffixes),
  })
  .map(({ type, suffix, second }) => familyOf(type, `a${suffix}${second}`));

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

  it("leave a counter that has no _total its name: to OpenMetrics it is unknown", () => {
    const bare: FamilySnapshot = {
      ...steps,
      name: "steps",
      points: [{ name: "steps", labels: {}, value: 1 }],
    };
    expect(parseExposition(formatOpenMetricsText([bare]), "openmetrics")).toMatchObject([
      { name: "steps", type: "unknown", samples: [{ name: "steps" }] },
    ]);
    expect(parseExposition(formatPrometheusText([bare]), "prometheus")).toMatchObject([
      { name: "steps", type: "counter", samples: [{ name: "steps" }] },
    ]);
  });

  it("write samples as data, each under its name and labels", () => {
    const labels = { namespace: "orders", outcome: "failed" };
    const sample = { name: "steps_total", metric_type: "counter", help: steps.help, labels };
    expect(formatSamples([steps, depth])).toEqual({
      metrics: {
        'steps_total{namespace="orders",outcome="failed"}': { ...sample, value: 3 },
        depth: { name: "depth", value: 0.5, metric_type: "gauge", help: depth.help, labels: {} },
      },
      omitted: 0,
    });
  });

  it("count what JSON has no number for, and leave it out of the data", () => {
    const values = [Number.NaN, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const points = values.map((value) => ({ name: "depth", labels: { of: `${value}` }, value }));
    expect(formatSamples([{ ...depth, points }])).toMatchObject({
      metrics: { 'depth{of="1"}': { value: 1 } },
      omitted: 3,
    });
  });

  it("give every sample its own key, whatever its labels are", () => {
    const anyLabels = fc.dictionary(fc.constantFrom("a", "b"), fc.string());
    fc.assert(
      fc.property(
        fc.uniqueArray(anyLabels, { selector: (labels) => JSON.stringify(Object.entries(labels)) }),
        (sets) => {
          const points = sets.map((labels, value) => ({ name: "depth", labels, value }));
          const { metrics } = formatSamples([{ ...depth, points }]);
          expect(Object.values(metrics).map(({ value }) => value)).toEqual(
            points.map(({ value }) => value),
          );
        },
      ),
    );
  });

  it("give every sample the same name in both formats, whatever the families are called", () => {
    fc.assert(
      fc.property(fc.array(anyFamily, { minLength: 1, maxLength: 8 }), (families) => {
        const names = new Set<string>();
        const distinct = families.filter((family) => {
          const own = [family.name, ...sampleNamesOf(family)];
          const isFree = !own.some((name) => names.has(name));
          if (isFree) own.forEach((name) => names.add(name));
          return isFree;
        });
        const [text, openMetrics] = formats.map(([format, write]) =>
          parseExposition(write(distinct), format).flatMap(({ samples }) =>
            samples.map(({ name, value }) => `${name} ${value}`),
          ),
        );
        expect(openMetrics).toEqual(text);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, readonly FamilySnapshot[], readonly string[]]>([
    ["a counter", [familyOf("counter", "a_total")], ["a counter"]],
    ["a counter without _total", [familyOf("counter", "a")], ["a unknown"]],
    ["a counter called _total", [familyOf("counter", "_total")], ["_total unknown"]],
    ["a counter called _total twice", [familyOf("counter", "a_total_total")], ["a_total counter"]],
    [
      "both names",
      [familyOf("counter", "a"), familyOf("counter", "a_total")],
      ["a unknown", "a_total unknown"],
    ],
    [
      "both names the other way round",
      [familyOf("counter", "a_total"), familyOf("counter", "a")],
      ["a_total unknown", "a unknown"],
    ],
    [
      "a gauge of the counter's bare name",
      [familyOf("counter", "a_total"), familyOf("gauge", "a")],
      ["a_total unknown", "a gauge"],
    ],
    ["a gauge called _total", [familyOf("gauge", "a_total")], ["a_total gauge"]],
    ["a gauge called _info", [familyOf("gauge", "a_info")], ["a_info gauge"]],
    ["a histogram called _count", [familyOf("histogram", "a_count")], ["a_count histogram"]],
    [
      "a gauge called as the histogram's creation time",
      [familyOf("histogram", "a"), familyOf("gauge", "a_created")],
      ["a_bucket unknown", "a_sum unknown", "a_count unknown", "a_created gauge"],
    ],
    [
      "a gauge called as the counter's creation time",
      [familyOf("gauge", "a_created"), familyOf("counter", "a_total")],
      ["a_created gauge", "a_total unknown"],
    ],
  ])("type %s as OpenMetrics can", (_, families, expected) => {
    expect(
      parseExposition(formatOpenMetricsText(families), "openmetrics").map(
        ({ name, type }) => `${name} ${type}`,
      ),
    ).toEqual(expected);
  });

  it("write exemplars in OpenMetrics if it allows them", () => {
    const exemplar = { labels: { trace_id: 'a"b' }, value: 0.7, timestamp: 1_700_000_000.5 };
    const withExemplars = (family: FamilySnapshot): FamilySnapshot => ({
      ...family,
      points: family.points.map((point) => ({ ...point, exemplar })),
    });
    const families = [
      familyOf("histogram", "a"),
      familyOf("counter", "b_total"),
      familyOf("counter", "c"),
      familyOf("gauge", "d"),
      familyOf("summary", "e"),
    ].map(withExemplars);
    const found = parseExposition(formatOpenMetricsText(families), "openmetrics").flatMap(
      ({ samples }) => samples.filter((sample) => sample.exemplar !== undefined),
    );
    expect(found).toEqual([
      { name: "a_bucket", labels: { le: "+Inf" }, value: 1, exemplar },
      { name: "b_total", labels: {}, value: 1, exemplar },
    ]);
    expect(formatPrometheusText(families)).not.toContain("trace_id");
  });
});
