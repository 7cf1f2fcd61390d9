import {
  answer,
  inProcess,
  invoke,
  operationNames,
  type Operations,
  rowOf,
} from "@tasker-observability/core";
import { createFakeClock, type FakeClock, parseExposition } from "@tasker-observability/testkit";
import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import type { DomainEventStats } from "./domain-event-stats.js";
import { OPENMETRICS_TEXT, PROMETHEUS_TEXT } from "./media-types.js";
import { createMetricsOperations, type MetricsOperations } from "./metrics-operations.js";
import { createMetricsService } from "./metrics-service.js";
import { allPorts, allSources, createTestWorker, type TestWorker } from "./testing/test-worker.js";

function createOperations(
  ports: object = allPorts,
): TestWorker<FakeClock> & { readonly operations: MetricsOperations } {
  const worker = createTestWorker(createFakeClock(), { ports });
  return {
    ...worker,
    operations: createMetricsOperations(
      createMetricsService({ context: worker.context, ...allSources }),
    ),
  };
}

const namesOfMetrics = operationNames.filter((name) => rowOf(name)?.group === "metrics").sort();

describe("the operations of metrics", () => {
  it("are those of the catalogue, all reads; only the Prometheus text is a probe", () => {
    const operations: Operations = createOperations().operations;
    expect(Object.keys(operations).sort()).toEqual(namesOfMetrics);
    for (const { name, group, access, exposure } of Object.values(operations))
      expect({ name, group, access, exposure }).toEqual({
        name,
        group: "metrics",
        access: "read",
        exposure: name === "metrics_prometheus" ? "probe" : "detail",
      });
  });

  it("lack only metrics_events if there are no domain events", () => {
    expect(Object.keys(createOperations({}).operations).sort()).toEqual(
      namesOfMetrics.filter((name) => name !== "metrics_events"),
    );
  });

  it("keep their types", () => {
    expectTypeOf<MetricsOperations>().toExtend<Operations>();
    const { metrics_events: events } = createOperations().operations;
    const call = (): Promise<DomainEventStats> => invoke(events!, {}, inProcess);
    expectTypeOf(call).returns.resolves.toEqualTypeOf<DomainEventStats>();
  });

  it("offer exactly the content types that Prometheus asks for, text first", () => {
    const { mediaTypes } = createOperations().operations.metrics_prometheus;
    expect(mediaTypes).toEqual([
      "text/plain; version=0.0.4; charset=utf-8",
      "application/openmetrics-text; version=1.0.0; charset=utf-8",
    ]);
  });

  it.each([
    [undefined, PROMETHEUS_TEXT, "prometheus"],
    [PROMETHEUS_TEXT, PROMETHEUS_TEXT, "prometheus"],
    [OPENMETRICS_TEXT, OPENMETRICS_TEXT, "openmetrics"],
  ] as const)(
    "answer the text in the media type of the call: %s",
    async (asked, mediaType, format) => {
      const { operations } = createOperations();
      const answered = await answer(operations.metrics_prometheus, undefined, inProcess, {
        mediaType: asked,
      });
      expect(answered).toMatchObject({ mediaType, verdict: "ok" });
      expect(parseExposition(answered.body, format).length).toBeGreaterThan(20);
    },
  );

  it("answer data that fits the result schemas", async () => {
    const all: Operations = createOperations().operations;
    for (const operation of Object.values(all)) {
      if (operation.name === "metrics_prometheus") continue;
      const { body } = await answer(operation, {}, inProcess);
      expect(() => z.parse(operation.result, JSON.parse(body))).not.toThrow();
    }
  });

  it("answer within the caller's budget, whatever a collector does", async () => {
    const { operations, clock } = createOperations({
      ...allPorts,
      queues: { statistics: () => new Promise(() => undefined) },
    });
    const calls = [operations.metrics_prometheus, operations.metrics_worker].map(
      async (operation) => answer(operation, {}, inProcess, { budgetMs: 500 }),
    );
    await clock.advance(450);
    for (const { body } of await Promise.all(calls))
      expect(body).toContain("tasker_worker_uptime_seconds");
  });

  it("reject params", async () => {
    await expect(
      answer(createOperations().operations.metrics_worker, { namespace: "orders" }, inProcess),
    ).rejects.toMatchObject({ code: "INVALID_PARAMS" });
  });
});
