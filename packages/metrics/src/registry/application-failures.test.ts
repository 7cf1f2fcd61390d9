import { Gauge, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { createService, namesIn, ours } from "../testing/shared-registry.js";

describe("on the application's registry", () => {
  it.each<[string, () => void | Promise<void>]>([
    [
      "throws",
      () => {
        throw new Error("broken");
      },
    ],
    ["rejects", () => Promise.reject(new Error("broken"))],
  ])("loses only a metric of the application that %s", async (_, collect) => {
    const registry = new Registry();
    const { service } = createService(registry);
    new Gauge({ name: "app_broken", help: "Broken.", registers: [registry], collect });
    new Gauge({ name: "app_whole", help: "Whole.", registers: [registry] }).set(1);
    const text = await service.prometheusFormat();
    expect(text).toContain("app_whole 1\n");
    expect(text).not.toContain("app_broken");
    expect(text).toContain('tasker_worker_collector_success{collector="registry"} 0\n');
    expect(text).toContain('tasker_worker_collector_success{collector="queues"} 1\n');
  });

  it("loses only a hanging metric of the application, and waits for it once", async () => {
    const registry = new Registry();
    const { service, clock } = createService(registry);
    new Gauge({
      name: "app_hung",
      help: "Hung.",
      registers: [registry],
      collect: () => new Promise(() => undefined),
    });
    const first = service.prometheusFormat();
    await clock.advance(2_000);
    expect(await first).toContain("tasker_worker_uptime_seconds");
    expect(await service.prometheusFormat()).not.toContain("app_hung");
  });

  it.each<[string, unknown]>([
    ["has no get", {}],
    [
      "has no valid name",
      { get: async () => ({ name: 'a b"', help: "", type: "gauge", values: [] }) },
    ],
    [
      "has an unknown type",
      { get: async () => ({ name: "app_odd", help: "", type: "thing", values: [] }) },
    ],
    [
      "has a sample of another name",
      {
        get: async () => ({
          name: "app_odd",
          help: "",
          type: "gauge",
          values: [{ value: 1, metricName: "up" }],
        }),
      },
    ],
    [
      "has a label that no label is called",
      {
        get: async () => ({
          name: "app_odd",
          help: "",
          type: "gauge",
          values: [{ value: 1, labels: { 'a="': "b" } }],
        }),
      },
    ],
    [
      "has a label that is Prometheus's own",
      {
        get: async () => ({
          name: "app_odd",
          help: "",
          type: "gauge",
          values: [{ value: 1, labels: { __name__: "up" } }],
        }),
      },
    ],
    [
      "has a value that is no number",
      {
        get: async () => ({
          name: "app_odd",
          help: "",
          type: "gauge",
          values: [{ value: "1\nup 1" }],
        }),
      },
    ],
  ])("loses only something on the registry that %s", async (_, metric) => {
    const registry = new Registry();
    const { service } = createService(registry);
    registry.registerMetric(Object.assign(metric as object, { name: "app_odd" }) as never);
    const names = namesIn(await service.prometheusFormat());
    expect(ours(names)).toEqual(
      names.filter((name, index) => names.indexOf(name) === index).sort(),
    );
  });
});
