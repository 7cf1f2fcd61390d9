import { describe, expect, it } from "vitest";
import { parseExposition } from "./exposition-parser.js";

const counter = `# HELP steps_total Steps.\n# TYPE steps_total counter\nsteps_total{namespace="a\\"b\\\\c\\nd"} 3\n`;
const histogram = [
  "# HELP wait Wait.",
  "# TYPE wait histogram",
  'wait_bucket{le="0.5"} 1',
  'wait_bucket{le="+Inf"} 2',
  "wait_sum 1.5e-7",
  "wait_count 2",
  "",
].join("\n");

describe("parseExposition", () => {
  it("reads families, escapes and numbers", () => {
    expect(parseExposition(counter + histogram, "prometheus")).toEqual([
      {
        name: "steps_total",
        help: "Steps.",
        type: "counter",
        samples: [{ name: "steps_total", labels: { namespace: 'a"b\\c\nd' }, value: 3 }],
      },
      {
        name: "wait",
        help: "Wait.",
        type: "histogram",
        samples: [
          { name: "wait_bucket", labels: { le: "0.5" }, value: 1 },
          { name: "wait_bucket", labels: { le: "+Inf" }, value: 2 },
          { name: "wait_sum", labels: {}, value: 1.5e-7 },
          { name: "wait_count", labels: {}, value: 2 },
        ],
      },
    ]);
  });

  it("reads OpenMetrics, in which a counter's family has no _total and its samples have", () => {
    const text = `# HELP steps a \\"quoted\\" help\n# TYPE steps counter\nsteps_total 1\n# EOF\n`;
    expect(parseExposition(text, "openmetrics")).toEqual([
      {
        name: "steps",
        help: 'a "quoted" help',
        type: "counter",
        samples: [{ name: "steps_total", labels: {}, value: 1 }],
      },
    ]);
    expect(parseExposition("# EOF\n", "openmetrics")).toEqual([]);
  });

  it("reads the exemplars and the unknown families of OpenMetrics", () => {
    const text = [
      "# HELP wait Wait.",
      "# TYPE wait histogram",
      'wait_bucket{le="+Inf"} 2 # {trace_id="a} # {b"} 0.7 1700000000.5',
      "wait_sum 1.5",
      "wait_count 2",
      "# HELP steps Steps.",
      "# TYPE steps counter",
      "steps_total 1 # {} 1",
      "# HELP jobs Jobs.",
      "# TYPE jobs unknown",
      "jobs 1",
      "# EOF",
      "",
    ].join("\n");
    const [wait, steps, jobs] = parseExposition(text, "openmetrics");
    expect(wait?.samples[0]).toEqual({
      name: "wait_bucket",
      labels: { le: "+Inf" },
      value: 2,
      exemplar: { labels: { trace_id: "a} # {b" }, value: 0.7, timestamp: 1_700_000_000.5 },
    });
    expect(steps?.samples[0]?.exemplar).toEqual({ labels: {}, value: 1 });
    expect(jobs?.type).toBe("unknown");
  });

  it.each([
    ["no line feed at the end", counter.trimEnd()],
    ["a blank line", `${counter}\n${histogram}`],
    ["a family twice", counter + counter.replace("a\\", "b\\")],
    ["a sample of another family", counter.replace("\nsteps_total{", "\nother_total{")],
    ["a sample twice", `${counter}steps_total{namespace="a\\"b\\\\c\\nd"} 4\n`],
    ["a sample before its family", `up 1\n${counter}`],
    ["HELP without TYPE", counter.replace(/# TYPE.*\n/, "")],
    ["TYPE without HELP", counter.replace(/# HELP.*\n/, "")],
    ["an unknown type", counter.replace("counter", "thing")],
    ["an unescaped quote", counter.replace('\\"', '"')],
    ["an unknown escape", counter.replace("\\n", "\\t")],
    ["a label twice", counter.replace("{", '{namespace="x",')],
    ["a comma after the last label", counter.replace("}", ",}")],
    ["a negative counter", counter.replace("} 3", "} -3")],
    ["a number that is none", counter.replace("} 3", "} three")],
    ["a timestamp", counter.replace("} 3", "} 3 1700000000")],
    ["a lone surrogate", counter.replace("Steps.", "\ud800")],
    ["a histogram without +Inf", histogram.replace(/.*\+Inf.*\n/, "")],
    ["a histogram whose count is another", histogram.replace("wait_count 2", "wait_count 3")],
    ["buckets that shrink", histogram.replace('"0.5"} 1', '"0.5"} 3')],
    ["a bucket without bound", histogram.replace('{le="0.5"}', "")],
    ["an exemplar", counter.replace("} 3", '} 3 # {a="b"} 1')],
    ["an unknown family", counter.replace(" counter", " unknown")],
    ["a name that another family has", `${histogram}# HELP wait_sum S.\n# TYPE wait_sum gauge\n`],
    ["a histogram without sum", histogram.replace(/wait_sum.*\n/, "")],
  ])("refuses %s", (_, text) => {
    expect(() => parseExposition(text, "prometheus")).toThrow();
  });

  it.each([
    ["no EOF", "# HELP steps Steps.\n# TYPE steps counter\nsteps_total 1\n"],
    ["EOF without its line feed", "# EOF"],
    [
      "a counter's sample without _total",
      "# HELP steps Steps.\n# TYPE steps counter\nsteps 1\n# EOF\n",
    ],
    [
      "a counter's family with _total",
      "# HELP steps_total Steps.\n# TYPE steps_total counter\nsteps_total 1\n# EOF\n",
    ],
    ["an exemplar of a gauge", "# HELP a A.\n# TYPE a gauge\na 1 # {} 1\n# EOF\n"],
    [
      "a creation time's name in another family",
      "# HELP a A.\n# TYPE a counter\na_total 1\n# HELP a_created A.\n# TYPE a_created gauge\n# EOF\n",
    ],
    ["anything after EOF", "# EOF\nup 1\n"],
  ])("refuses OpenMetrics with %s", (_, text) => {
    expect(() => parseExposition(text, "openmetrics")).toThrow();
  });
});
