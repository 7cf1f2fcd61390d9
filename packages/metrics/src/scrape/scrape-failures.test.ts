import type { Ports, QueueStatistics } from "@tasker-observability/core";
import { createFakeClock, type FakeClock, parseExposition } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createMetricsService, type MetricsService } from "../metrics-service.js";
import {
  allPorts,
  allSources,
  createTestWorker,
  queueStatistics,
  type TestWorker,
} from "../testing/test-worker.js";

const never = (): Promise<never> => new Promise(() => undefined);

function createService(
  ports: Partial<Ports>,
  options: { readonly collectorTimeoutMs?: number } = {},
): TestWorker<FakeClock> & { readonly service: MetricsService } {
  const worker = createTestWorker(createFakeClock(), { ports: { ...allPorts, ...ports } });
  return {
    ...worker,
    service: createMetricsService({ context: worker.context, ...allSources, ...options }),
  };
}

async function successes(text: Promise<string>): Promise<Record<string, number>> {
  const family = parseExposition(await text, "prometheus").find(
    ({ name }) => name === "tasker_worker_collector_success",
  );
  return Object.fromEntries(
    family!.samples.map(({ labels, value }) => [labels.collector ?? "", value]),
  );
}

const allWell = {
  worker: 1,
  pools: 1,
  queues: 1,
  channels: 1,
  steps: 1,
  domain_events: 1,
  circuit_breakers: 1,
  template_cache: 1,
  health: 1,
};

describe("a collector that fails", () => {
  it("is told of a success as long as it does not", async () => {
    expect(await successes(createService({}).service.prometheusFormat())).toEqual(allWell);
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
      "tells no number",
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
  ])("and %s costs its own families only", async (_, ports, collector, prefix) => {
    const { service } = createService(ports);
    const text = await service.prometheusFormat();
    expect(await successes(Promise.resolve(text))).toEqual({ ...allWell, [collector]: 0 });
    expect(text).not.toContain(`# TYPE ${prefix}`);
    expect(text).toContain("tasker_worker_health_status");
  });

  it("costs a part only where it could read a part, and still is no success", async () => {
    const queues = [
      queueStatistics(),
      queueStatistics({ namespace: "gone", state: "missing", depth: null, visible_depth: null }),
    ];
    const { service } = createService({ queues: { statistics: () => Promise.resolve(queues) } });
    const text = await service.prometheusFormat();
    expect(await successes(Promise.resolve(text))).toEqual({ ...allWell, queues: 0 });
    expect(text).toContain('tasker_worker_queue_depth{namespace="orders"} 12');
  });

  it("does not pass its last good values off as fresh, on its registry either", async () => {
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

describe("a collector that hangs", () => {
  it("is left out after its time, told that nobody waits, and does not hold up the next scrape", async () => {
    let told: AbortSignal | undefined;
    const statistics = (signal: AbortSignal): Promise<never> => {
      told = signal;
      return never();
    };
    const { service, clock } = createService(
      { queues: { statistics } },
      { collectorTimeoutMs: 700 },
    );
    const first = service.prometheusFormat();
    await clock.advance(699);
    expect(told?.aborted).toBe(false);
    await clock.advance(1);
    expect(await successes(first)).toEqual({ ...allWell, queues: 0 });
    expect(await first).toContain(
      'tasker_worker_collector_duration_seconds{collector="queues"} 0.7\n',
    );
    expect(told?.aborted).toBe(true);
    await clock.advance(300);
    const second = await service.prometheusFormat();
    expect(second).toContain('tasker_worker_collector_success{collector="queues"} 0\n');
    expect(second).toContain('tasker_worker_collector_duration_seconds{collector="queues"} 1\n');
  });

  it("is given 2 s unless told otherwise", async () => {
    const { service, clock } = createService({ queues: { statistics: never } });
    let text: string | undefined;
    void service.prometheusFormat().then((answer) => (text = answer));
    await clock.advance(1_999);
    expect(text).toBeUndefined();
    await clock.advance(1);
    expect(text).toContain('collector="queues"} 0');
  });

  it("is left out earlier for a caller who has less time, a tenth of which is kept for the answer", async () => {
    const { service, clock } = createService({ queues: { statistics: never } });
    let text: string | undefined;
    void service.prometheusFormat({ budgetMs: 1_000 }).then((answer) => (text = answer));
    await clock.advance(899);
    expect(text).toBeUndefined();
    await clock.advance(1);
    expect(await successes(Promise.resolve(text!))).toEqual({ ...allWell, queues: 0 });
    expect(text).toContain('tasker_worker_collector_duration_seconds{collector="queues"} 0.9\n');
  });

  it("cuts a hurried caller short and not the patient one who shares the collection", async () => {
    let answerLate: (queues: readonly QueueStatistics[]) => void = () => undefined;
    const { service, clock } = createService({
      queues: { statistics: () => new Promise((resolve) => (answerLate = resolve)) },
    });
    const patient = service.prometheusFormat();
    const hurried = service.prometheusFormat({ budgetMs: 100 });
    await clock.advance(90);
    expect(await successes(hurried)).toMatchObject({ queues: 0, steps: 1 });
    answerLate([queueStatistics()]);
    expect(await successes(patient)).toEqual(allWell);
  });

  it("leaves no timer behind once it has been answered", async () => {
    const { service, clock } = createService({});
    await service.prometheusFormat({ budgetMs: 10_000 });
    expect(clock.pendingTimers()).toBe(0);
  });

  it("ends with the service: a running call answers with what there is", async () => {
    const { service, clock, logged } = createService({ queues: { statistics: never } });
    const running = service.prometheusFormat();
    await clock.advance(1);
    service.close();
    expect(await successes(running)).toMatchObject({ queues: 0, steps: 1 });
    expect(clock.pendingTimers()).toBe(0);
    expect(logged).toEqual([]);
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
