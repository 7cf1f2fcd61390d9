import type { Ports, QueueStatistics } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { allPorts, queueStatistics } from "../testing/test-worker.js";
import { never, createService, successes, allSuccessful } from "../testing/failing-service.js";

describe("a collector that fails", () => {
  it("is reported as a success until it fails", async () => {
    expect(await successes(createService({}).service.prometheusFormat())).toEqual(allSuccessful);
  });

  it.each<[string, Partial<Ports>, string, string]>([
    [
      "rejects",
      { queues: { statistics: () => Promise.reject(new Error("gone")) } },
      "queues",
      "tasker_worker_queue",
    ],
    [
      "throws",
      {
        queues: {
          statistics: () => {
            throw new Error("gone");
          },
        },
      },
      "queues",
      "tasker_worker_queue",
    ],
    [
      "returns no number",
      {
        database: {
          ping: never,
          pool: () => ({ size: "7" as never, idle: 1, waiting: 0, max: 1 }),
        },
      },
      "pools",
      "tasker_worker_db_pool",
    ],
    [
      "counts below 0",
      {
        domainEvents: {
          statistics: () =>
            ({ deliveries: [{ delivery: "fast", outcome: "failed", count: -1 }] }) as never,
        },
      },
      "domain_events",
      "tasker_worker_domain_events",
    ],
    [
      "counts beyond 2^53",
      {
        domainEvents: {
          statistics: () =>
            ({ deliveries: [{ delivery: "fast", outcome: "failed", count: 2n ** 60n }] }) as never,
        },
      },
      "domain_events",
      "tasker_worker_domain_events",
    ],
  ])("loses only its own families: %s", async (_, ports, collector, prefix) => {
    const { service } = createService(ports);
    const text = await service.prometheusFormat();
    expect(await successes(Promise.resolve(text))).toEqual({ ...allSuccessful, [collector]: 0 });
    expect(text).not.toContain(`# TYPE ${prefix}`);
    expect(text).toContain("tasker_worker_health_status");
  });

  it("keeps the part that could be read, and is not a success", async () => {
    const queues = [
      queueStatistics(),
      queueStatistics({ namespace: "gone", state: "missing", depth: null, visible_depth: null }),
    ];
    const { service } = createService({ queues: { statistics: () => Promise.resolve(queues) } });
    const text = await service.prometheusFormat();
    expect(await successes(Promise.resolve(text))).toEqual({ ...allSuccessful, queues: 0 });
    expect(text).toContain('tasker_worker_queue_depth{namespace="orders"} 12');
  });

  it("has no stale values, on its registry either", async () => {
    let isDown = false;
    const orFail = <T>(value: T): T => {
      if (isDown) throw new Error("down");
      return value;
    };
    const { service } = createService({
      queues: { statistics: async () => orFail([queueStatistics()]) },
      database: { ping: never, pool: () => orFail({ size: 1, idle: 1, waiting: 0, max: 1 }) },
      domainEvents: { statistics: () => orFail(allPorts.domainEvents!.statistics()) },
    });
    const values =
      /^tasker_worker_(?:queue_depth|db_pool_size|domain_events_total)(?:\{.*\})? \d+$/gm;
    expect((await service.prometheusFormat()).match(values)).toHaveLength(4);
    expect((await service.registry.metrics()).match(values)).toHaveLength(4);
    isDown = true;
    expect((await service.prometheusFormat()).match(values)).toBeNull();
    expect((await service.registry.metrics()).match(values)).toBeNull();
  });

  it("is logged when it begins to fail and when it has recovered, not at every scrape", async () => {
    let isDown = true;
    const error = new Error("down at postgres://app:hunter2@db");
    const { service, logged } = createService({
      queues: { statistics: () => (isDown ? Promise.reject(error) : Promise.resolve([])) },
    });
    await service.prometheusFormat();
    await service.prometheusFormat();
    isDown = false;
    await service.prometheusFormat();
    await service.prometheusFormat();
    expect(logged).toEqual([
      {
        level: "warn",
        message: "metrics collector failed",
        fields: {
          collector: "queues",
          state: "failed",
          error: expect.objectContaining({
            name: "Error",
            message: "down at postgres://***REDACTED***@db",
          }),
        },
      },
      { level: "info", message: "metrics collector recovered", fields: { collector: "queues" } },
    ]);
  });
});

describe("concurrent scrapes", () => {
  it("share one collection, whichever format they want", async () => {
    let reads = 0;
    let answerNow: (queues: readonly QueueStatistics[]) => void = () => undefined;
    const statistics = (): Promise<readonly QueueStatistics[]> => {
      reads += 1;
      return new Promise((resolve) => (answerNow = resolve));
    };
    const { service, clock } = createService({ queues: { statistics } });
    const scrapes = Array.from({ length: 100 }, (_, index) =>
      index % 2 === 0 ? service.prometheusFormat() : service.collectMetrics(),
    );
    await clock.advance(10);
    const joined = service.prometheusFormat();
    answerNow([queueStatistics()]);
    await Promise.all([...scrapes, joined]);
    expect(reads).toBe(1);
  });
});
