import type { QueueStatistics } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { queueStatistics } from "../testing/test-worker.js";
import { never, createService, successes, allWell } from "../testing/failing-service.js";

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
