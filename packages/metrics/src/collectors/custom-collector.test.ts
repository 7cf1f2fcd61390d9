import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createMetricsService } from "../metrics-service.js";
import { createTestWorker } from "../testing/test-worker.js";
import type { CustomCollector } from "./custom-collector.js";

const open = {
  name: "orders_open",
  help: "Orders that are open.",
  type: "gauge",
  labels: ["region"],
} as const;

function setUp(...collectors: readonly CustomCollector[]) {
  const worker = createTestWorker(createFakeClock());
  return { ...worker, service: createMetricsService({ context: worker.context, collectors }) };
}

describe("a collector of the application's own", () => {
  it("adds its samples and its success to the worker's", async () => {
    const { service } = setUp(
      { ...open, collect: () => [{ value: 3, labels: { region: "eu" } }] },
      { name: "orders_seen_total", help: "Orders.", type: "counter", collect: async () => 7 },
    );
    const text = await service.prometheusFormat();
    expect(text).toContain('# TYPE orders_open gauge\norders_open{region="eu"} 3\n');
    expect(text).toContain("# TYPE orders_seen_total counter\norders_seen_total 7\n");
    expect(text).toContain('tasker_worker_collector_success{collector="orders_open"} 1\n');
  });

  it.each<[what: string, collect: () => unknown, message: string]>([
    ["no samples", () => undefined, "must return a number or a list of samples"],
    ["NaN", () => Number.NaN, "sample 0 must have a finite number"],
    [
      "a text",
      () => [{ value: "3", labels: { region: "eu" } }],
      "sample 0 must have a finite number",
    ],
    ["null", () => [null], "sample 0 must have a finite number"],
    ["a missing label", () => [{ value: 3 }], "a string for the label region"],
    [
      "a label that is a number",
      () => [{ value: 3, labels: { region: 7 } }],
      "a string for the label region",
    ],
    [
      "an unknown label",
      () => [{ value: 3, labels: { region: "eu", zone: "a" } }],
      "does not declare",
    ],
  ])(
    "that answers %s is named and not believed, and costs the scrape nothing else",
    async (_what, collect, message) => {
      const { service, logged } = setUp({
        ...open,
        collect: collect as CustomCollector["collect"],
      });
      const text = await service.prometheusFormat();
      expect(text).not.toContain("\norders_open");
      expect(text).toContain('tasker_worker_collector_success{collector="orders_open"} 0\n');
      expect(text).toContain("tasker_worker_uptime_seconds 0\n");
      expect(JSON.stringify(logged)).toContain(message);
    },
  );

  it("costs only its time-out when it hangs, and runs once for concurrent callers", async () => {
    let runs = 0;
    const hang = (): Promise<number> => {
      runs += 1;
      return new Promise(() => undefined);
    };
    const { service, clock } = setUp({ ...open, collect: hang });
    const scrapes = [service.prometheusFormat(), service.prometheusFormat()];
    await clock.advance(2_000);
    for (const text of await Promise.all(scrapes))
      expect(text).toContain('tasker_worker_collector_success{collector="orders_open"} 0\n');
    expect(runs).toBe(1);
  });

  it.each<[collectors: readonly object[], problem: string]>([
    [[{ ...open, collect: 3 }], "collectors[0].collect must be a function"],
    [
      [{ ...open, name: "orders-open", collect: () => 1 }],
      "collectors[0].name must be a metric name",
    ],
    [[{ ...open, type: "counter", collect: () => 1 }], "must end in _total"],
    [[{ ...open, labels: ["__x"], collect: () => 1 }], "must be a label name"],
    [
      [
        { ...open, collect: () => 1 },
        { ...open, collect: () => 1 },
      ],
      "another collector has already",
    ],
    [
      [{ ...open, name: "tasker_worker_uptime_seconds", collect: () => 1 }],
      "The registry already has",
    ],
  ])("is rejected with %j", (collectors, problem) => {
    expect(() => setUp(...(collectors as CustomCollector[]))).toThrow(problem);
  });
});
