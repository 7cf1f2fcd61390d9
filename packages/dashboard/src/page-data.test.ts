import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Sample } from "./page/data/answers.js";
import { problemOf } from "./page/data/problem.js";
import { hashOf, parseRoute } from "./page/data/route.js";
import { Series } from "./page/data/series.js";
import { settingsOf } from "./page/data/settings.js";
import { placeSteps, stepsIn } from "./page/data/step-graph.js";
import { compareSteps, quantileMs, readSteps } from "./page/data/step-numbers.js";
import { durationText, latencyText, rateText } from "./page/data/texts.js";

describe("a series", () => {
  it("keeps an hour in bounded room, five minutes of it exactly, and the highest of what it thins out", () => {
    const series = new Series();
    for (let second = 0; second <= 7_200; second += 2)
      series.add(second * 1_000, second === 5_000 ? 99 : 1);
    const { points } = series;
    expect(points.length).toBeLessThan(520);
    expect(points[0]?.at).toBeGreaterThanOrEqual(7_200_000 - 3_610_000);
    expect(points.filter(({ at }) => at > 6_910_000)).toHaveLength(145);
    expect(Math.max(...points.map(({ value }) => value))).toBe(99);
    series.add(1, 5);
    expect(series.last).toBe(1);
  });
});

describe("numbers of steps", () => {
  const labels = { namespace: "orders", template: "order", step: "charge" };
  const sample = (name: string, value: number, more: Record<string, string>): Sample => ({
    ...{ name: `tasker_worker_${name}`, value },
    labels: { ...labels, ...more },
  });
  const at = (second: number, completed: number, failed: number) => {
    const samples = [
      sample("steps_total", completed, { outcome: "completed" }),
      sample("steps_total", failed, { outcome: "failed" }),
      sample("step_duration_seconds_bucket", completed, { outcome: "completed", le: "0.1" }),
      sample("step_duration_seconds_bucket", completed, { outcome: "completed", le: "+Inf" }),
      {
        name: "tasker_worker_steps_total",
        value: 7,
        labels: { namespace: "orders", outcome: "completed" },
      },
    ];
    const timestamp = new Date(second * 1_000).toISOString();
    return readSteps({
      metrics: Object.fromEntries(samples.map((each, index) => [index, each])),
      timestamp,
    });
  };

  it("are those of the window, by template and step", () => {
    expect(compareSteps(at(0, 100, 0), at(10, 140, 10))).toEqual([
      { ...labels, perSecond: 5, retried: 0, failed: 10, p50Ms: 50, p95Ms: 95, total: 150 },
    ]);
  });

  it("are those since the start, without a rate, where there is no window yet", () => {
    expect(compareSteps(null, at(10, 4, 1))).toMatchObject([{ perSecond: 0, failed: 1, total: 5 }]);
  });

  it("begin again with a worker that restarted", () => {
    expect(compareSteps(at(0, 100, 0), at(10, 20, 0))).toMatchObject([{ perSecond: 2, total: 20 }]);
  });

  it("have no quantile without steps, and know nothing above the last bound", () => {
    expect(quantileMs([[1, 0]], 0.5)).toBeNull();
    expect(
      quantileMs(
        [
          [0.5, 1],
          [Infinity, 10],
        ],
        0.95,
      ),
    ).toBe(500);
  });
});

describe("the graph of steps", () => {
  it("has each step after those that it waits for, and no two in one place", () => {
    const graphs = fc.array(fc.array(fc.nat(9), { maxLength: 3 }), { maxLength: 10 });
    fc.assert(
      fc.property(graphs, (dependencies) => {
        const placed = placeSteps(
          dependencies.map((each, index) => ({
            name: String(index),
            dependencies: each.filter((other) => other < index).map(String),
          })),
        );
        const columnOf = new Map(placed.map(({ name, column }) => [name, column]));
        for (const { column, dependencies: names } of placed)
          for (const name of names) expect(columnOf.get(name)).toBeLessThan(column);
        expect(new Set(placed.map(({ column, row }) => `${column} ${row}`)).size).toBe(
          dependencies.length,
        );
      }),
    );
  });

  it("is drawn where steps wait for each other or for none that there is", () => {
    const steps = [
      { name: "a", dependencies: ["b"] },
      { name: "b", dependencies: ["a", "missing"] },
    ];
    expect(placeSteps(steps)).toHaveLength(2);
    expect(
      stepsIn({ steps: [{ name: "a", handler: null, dependencies: [1, "b"] }, null] }),
    ).toMatchObject([
      { name: "a", callable: null, dependencies: ["b"] },
      { name: "", dependencies: [] },
    ]);
    expect(stepsIn(null)).toEqual([]);
  });
});

describe("texts", () => {
  it.each([
    [0, "0 s"],
    [59_999, "59 s"],
    [250_000, "4 min 10 s"],
    [7_200_000, "2 h"],
    [90_000_000, "1 d 1 h"],
  ])("%i ms last %s", (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it("round to what a person reads", () => {
    expect([null, 0.04, 2.5, 340, 1_250, 61_000].map(latencyText)).toEqual([
      "–",
      "0 ms",
      "2.5 ms",
      "340 ms",
      "1.25 s",
      "1 min 1 s",
    ]);
    expect([null, 0, 0.001, 0.05, 4.25, 1_234].map(rateText)).toEqual([
      "–",
      "0",
      "< 0.01",
      "0.05",
      "4.3",
      "1,234",
    ]);
  });
});

describe("a URL of a view", () => {
  it("has its place and its filter, whatever is in them", () => {
    const texts = fc.array(fc.string({ minLength: 1 }), { maxLength: 4 });
    fc.assert(
      fc.property(texts, fc.string({ minLength: 1 }), (segments, find) => {
        const route = parseRoute(hashOf(segments, { find, state: "" }));
        expect([route.segments, [...route.filter]]).toEqual([segments, [["find", find]]]);
      }),
    );
    expect(parseRoute("#/%zz").segments).toEqual(["%zz"]);
  });
});

describe("an answer that is no result", () => {
  it.each([
    [401, { error: "unauthorized" }, "unauthorized"],
    [403, { error: "cache_operations_disabled" }, "forbidden"],
    [404, { error: "service_not_installed" }, "unavailable"],
    [404, { error: "template_not_found" }, "failed"],
    [404, null, "unavailable"],
    [502, null, "offline"],
    [503, { error: "worker_not_running" }, "failed"],
  ])("%i %j is %s", (status, body, kind) => {
    expect(problemOf(status, body).kind).toBe(kind);
  });
});

describe("the configuration", () => {
  it("has one row a value, masked ones marked, with its origin where the worker says it", () => {
    const metadata = {
      timestamp: "",
      redacted_fields: ["worker.keys[0].key"],
      origins: { "common.url": "DATABASE_URL" },
    };
    const worker = {
      keys: [{ name: "a", key: "***REDACTED***" }],
      namespaces: ["x", "y"],
      none: {},
    };
    expect(settingsOf({ environment: "test", common: { url: "" }, worker, metadata })).toEqual([
      { path: "common.url", value: "", isMasked: false, origin: "DATABASE_URL" },
      { path: "worker.keys[0].name", value: "a", isMasked: false, origin: null },
      { path: "worker.keys[0].key", value: "***REDACTED***", isMasked: true, origin: null },
      { path: "worker.namespaces", value: '["x","y"]', isMasked: false, origin: null },
      { path: "worker.none", value: "{}", isMasked: false, origin: null },
    ]);
  });
});
