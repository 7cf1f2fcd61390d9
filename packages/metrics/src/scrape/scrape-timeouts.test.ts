import type { QueueStatistics } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { queueStatistics } from "../testing/test-worker.js";
import { never, createService, successes, allSuccessful } from "../testing/failing-service.js";

describe("a collector that hangs", () => {
  it("is left out and aborted after its time-out, and does not delay the next scrape", async () => {
    let given: AbortSignal | undefined;
    const statistics = (signal: AbortSignal): Promise<never> => {
      given = signal;
      return never();
    };
    const { service, clock } = createService(
      { queues: { statistics } },
      { collectorTimeoutMs: 700 },
    );
    const first = service.prometheusFormat();
    await clock.advance(699);
    expect(given?.aborted).toBe(false);
    await clock.advance(1);
    expect(await successes(first)).toEqual({ ...allSuccessful, queues: 0 });
    expect(await first).toContain(
      'tasker_worker_collector_duration_seconds{collector="queues"} 0.7\n',
    );
    expect(given?.aborted).toBe(true);
    await clock.advance(300);
    const second = await service.prometheusFormat();
    expect(second).toContain('tasker_worker_collector_success{collector="queues"} 0\n');
    expect(second).toContain('tasker_worker_collector_duration_seconds{collector="queues"} 1\n');
  });

  it("times out after 2 s by default", async () => {
    const { service, clock } = createService({ queues: { statistics: never } });
    let text: string | undefined;
    void service.prometheusFormat().then((answer) => (text = answer));
    await clock.advance(1_999);
    expect(text).toBeUndefined();
    await clock.advance(1);
    expect(text).toContain('collector="queues"} 0');
  });

  it("is left out after nine tenths of the caller's budget", async () => {
    const { service, clock } = createService({ queues: { statistics: never } });
    let text: string | undefined;
    void service.prometheusFormat({ budgetMs: 1_000 }).then((answer) => (text = answer));
    await clock.advance(899);
    expect(text).toBeUndefined();
    await clock.advance(1);
    expect(await successes(Promise.resolve(text!))).toEqual({ ...allSuccessful, queues: 0 });
    expect(text).toContain('tasker_worker_collector_duration_seconds{collector="queues"} 0.9\n');
  });

  it("answers a caller with a short budget early, and the other one in full", async () => {
    let answerLate: (queues: readonly QueueStatistics[]) => void = () => undefined;
    const { service, clock } = createService({
      queues: { statistics: () => new Promise((resolve) => (answerLate = resolve)) },
    });
    const unhurried = service.prometheusFormat();
    const hurried = service.prometheusFormat({ budgetMs: 100 });
    await clock.advance(90);
    expect(await successes(hurried)).toMatchObject({ queues: 0, steps: 1 });
    answerLate([queueStatistics()]);
    expect(await successes(unhurried)).toEqual(allSuccessful);
  });

  it("leaves no timer behind once it has been answered", async () => {
    const { service, clock } = createService({});
    await service.prometheusFormat({ budgetMs: 10_000 });
    expect(clock.pendingTimers()).toBe(0);
  });

  it("ends with the service, which answers a running call with its partial results", async () => {
    const { service, clock, logged } = createService({ queues: { statistics: never } });
    const running = service.prometheusFormat();
    await clock.advance(1);
    service.close();
    expect(await successes(running)).toMatchObject({ queues: 0, steps: 1 });
    expect(clock.pendingTimers()).toBe(0);
    expect(logged).toEqual([]);
  });
});
