import { readFileSync } from "node:fs";
import type { Ports } from "@tasker-observability/core";
import {
  createFakeClock,
  parseExposition,
  type ExpositionFamily,
} from "@tasker-observability/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createMetricsService } from "./metrics-service.js";
import { allPorts, allSources, createTestWorker } from "./testing/test-worker.js";

const read = (file: string): string =>
  readFileSync(new URL(`../../../docs/prometheus/${file}`, import.meta.url), "utf8");
const matches = (text: string, pattern: RegExp): string[] =>
  [...new Set(Array.from(text.matchAll(pattern), ([whole, group]) => group ?? whole))].sort();

/** Those too that no collector reads yet. */
const ports: Partial<Ports> = {
  ...allPorts,
  eventSystem: { listener: () => "connected", poller: () => "alive" },
  commandProcessor: { state: () => "running", heartbeat: null, slots: () => null },
};

let families: readonly ExpositionFamily[];
let sampleNames: ReadonlySet<string>;
beforeAll(async () => {
  const { context } = createTestWorker(createFakeClock(), { ports });
  const service = createMetricsService({ context, ...allSources, nodeMetrics: true });
  const recorder = context.steps.recorder("orders", "refund", "charge");
  recorder.started(1);
  recorder.finished("completed", 1);
  families = parseExposition(await service.prometheusFormat(), "prometheus");
  sampleNames = new Set(families.flatMap(({ samples }) => samples.map(({ name }) => name)));
  service.close();
});

/** Names of metrics in an expression's text: ours, Node's and the process's; those with colons are recorded ones. */
const metricName = /(?<![:\w])(?:tasker_worker|nodejs|process)_\w+(?![:\w(])/g;
const recordedName = /(?<!\w)[a-z_]+:[a-z_]+:[a-z0-9_]+/g;

describe("docs/prometheus", () => {
  it.each(["recording-rules.yml", "alert-rules.yml", "grafana-dashboard.json"])(
    "%s names no metric that a live worker does not have",
    (file) => {
      const named = matches(read(file).replace(recordedName, " "), metricName);
      expect(named.filter((name) => !sampleNames.has(name))).toEqual([]);
      expect(named.length).toBeGreaterThan(3);
    },
  );

  it.each(["alert-rules.yml", "grafana-dashboard.json", "rule-tests.yml"])(
    "%s names no recorded series that no rule records",
    (file) => {
      const recorded = matches(read("recording-rules.yml"), /- record: (\S+)/g);
      expect(matches(read(file), recordedName).filter((name) => !recorded.includes(name))).toEqual(
        [],
      );
    },
  );

  it("the dashboard shows every family, itself or by a rule", () => {
    const dashboard = read("grafana-dashboard.json");
    const rules = read("recording-rules.yml");
    const isOnDashboard = ({ name }: ExpositionFamily): boolean =>
      dashboard.includes(name) || rules.includes(name);
    const ours = families.filter(({ name }) => name.startsWith("tasker_worker_"));
    expect(ours.filter((family) => !isOnDashboard(family)).map(({ name }) => name)).toEqual([]);
  });

  it("what the dashboard shows by namespace comes from rules, which read the worker's label under any name", () => {
    const { panels, templating } = JSON.parse(read("grafana-dashboard.json")) as {
      panels: { targets?: { expr: string }[] }[];
      templating: { list: { definition?: string }[] };
    };
    const expressions = [
      ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
      ...templating.list.flatMap(({ definition = "" }) => definition),
    ].filter((expression) => /\bnamespace\b/.test(expression));
    expect(expressions.length).toBeGreaterThan(15);
    expect(expressions.flatMap((expression) => matches(expression, metricName))).toEqual([]);
  });

  it("the page's table is the live families: names, types and labels", () => {
    const labelsOf = ({ samples }: ExpositionFamily): string =>
      [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))]
        .filter((name) => name !== "le")
        .sort()
        .join(", ");
    const live = families
      .filter(({ name }) => name.startsWith("tasker_worker_"))
      .map((family) => [family.name, family.type, labelsOf(family)]);
    const table = Array.from(
      read("README.md").matchAll(/^\| `(tasker_\w+)` \| (\w+) \| ([^|]*?) ?\|/gm),
      ([, name, type, labels]) => [name, type, labels],
    );
    expect([...table].sort()).toEqual([...live].sort());
  });

  it("every way to scrape it shows keeps the worker's namespace if the target has one", () => {
    const { scrape_configs } = parse(read("prometheus.yml")) as {
      scrape_configs: { honor_labels?: boolean }[];
    };
    expect(scrape_configs.map(({ honor_labels }) => honor_labels)).toEqual([true, true]);
    const { spec } = parse(read("pod-monitor.yml")) as {
      spec: { podMetricsEndpoints: { honorLabels?: boolean }[] };
    };
    expect(spec.podMetricsEndpoints.map(({ honorLabels }) => honorLabels)).toEqual([true]);
  });

  it("measures the wait as its HELP says: first attempts only", () => {
    const wait = "tasker_worker_step_wait_seconds";
    expect(families.find(({ name }) => name === wait)?.help).toContain("first attempts only");
    expect(read("README.md")).toMatch(new RegExp(`^\\| \`${wait}\` .*first attempts only`, "m"));
  });

  it("tests each of its alerts, firing and not firing", () => {
    const alerts = matches(read("alert-rules.yml"), /- alert: (\w+)/g);
    const tests = read("rule-tests.yml");
    expect(matches(tests, /alertname: (\w+), exp_alerts: \[\]/g)).toEqual(alerts);
    expect(matches(tests, /alertname: (\w+)\n\s+exp_alerts:\n\s+- exp_labels/g)).toEqual(alerts);
    expect(alerts).toHaveLength(16);
    expect(read("README.md")).toContain("sixteen alerts");
  });
});
