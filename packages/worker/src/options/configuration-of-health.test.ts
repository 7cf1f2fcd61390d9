import { setTimeout as sleep } from "node:timers/promises";
import type { SqlClient } from "@tasker-observability/postgres";
import { createFakeClock, startTcpProxy, type TcpProxy } from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  eventually,
  type Sections,
  stepNamed,
  type TestWorker,
  type WorkerHarness,
} from "../testing/worker-harness.js";
import { dropQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(dropQueues);
let proxy: TcpProxy;
beforeAll(async () => (proxy = await startTcpProxy(harness.database.url)));
afterAll(() => proxy.close());

const check = async ({ detailed }: TestWorker, name: string) => (await detailed()).checks[name]!;
const health = (keys: Sections): { worker: Sections } => ({
  worker: { health: { cache_ttl_ms: 0, ...keys } },
});

/** A worker with one slot, which a step holds: it claims nothing more, and the queue keeps what is put on it. */
async function startFull(
  options: Parameters<WorkerHarness["start"]>[0] & { readonly worker: Sections },
): Promise<TestWorker> {
  let leave: () => void = () => undefined;
  let runs = 0;
  const Test = (): Promise<void> => {
    runs += 1;
    return new Promise((resolve) => (leave = resolve));
  };
  const oneSlot = {
    mpsc_channels: { handler_dispatch: { max_concurrent_handlers: 1 } },
    shutdown: { drain_timeout_ms: 0 },
  };
  const test = await harness.start({
    ...options,
    worker: { ...options.worker, ...oneSlot },
    handlers: { Test },
  });
  await test.worker.enqueue(stepNamed("plain"));
  await eventually("the run", () => runs === 1);
  onTestFinished(() => leave());
  return test;
}

/** Takes the one connection that there is, until the test ends. */
async function exhaustPool({ context }: TestWorker["worker"]): Promise<void> {
  const client = context.ports.database as unknown as SqlClient;
  let leave: () => void = () => undefined;
  onTestFinished(() => leave());
  await new Promise<void>((taken) => {
    const occupy = (): Promise<void> => new Promise((resolve) => (taken(), (leave = resolve)));
    void client.withConnection(occupy, { signal: new AbortController().signal });
  });
}

/** The network delays everything for so long. */
async function delayNetwork(ms: number): Promise<void> {
  proxy.blackhole();
  await sleep(ms);
  await proxy.restore();
}

describe("worker.health", () => {
  it.each([
    [20, "degraded"],
    [5_000, "healthy"],
  ])(
    "slow_ms %i: a database that answers after a tenth of a second is %s",
    async (slow_ms, status) => {
      const test = await harness.start({
        url: proxy.url(harness.database.url),
        ...health({ slow_ms }),
      });
      await check(test, "database");
      const [found] = await Promise.all([check(test, "database"), delayNetwork(100)]);
      expect(found.status).toBe(status);
    },
  );

  it.each([150, 300])("check_timeout_ms %i: what one check may take", async (check_timeout_ms) => {
    const test = await harness.start({
      url: proxy.url(harness.database.url),
      ...health({ check_timeout_ms }),
    });
    const [found] = await Promise.all([check(test, "database"), delayNetwork(500)]);
    expect(found).toMatchObject({
      status: "unhealthy",
      message: `timeout after ${check_timeout_ms} ms`,
    });
  });

  it.each([
    [0, false],
    [60_000, true],
  ])("cache_ttl_ms %i: the second of two answers is cached: %s", async (cache_ttl_ms, cached) => {
    const test = await harness.start({ worker: { health: { cache_ttl_ms } } });
    await check(test, "database");
    expect((await check(test, "database")).cached).toBe(cached);
  });

  it.each([
    [2_000, "unhealthy"],
    [60_000, "healthy"],
  ])(
    "stall_after_ms %i: a worker whose slots have been overdue for some seconds is %s",
    async (stall_after_ms, status) => {
      const clock = createFakeClock();
      let runs = 0;
      const forEver = (): Promise<unknown> => new Promise(() => (runs += 1));
      const dispatch = {
        mpsc_channels: {
          handler_dispatch: { max_concurrent_handlers: 1, handler_timeout_ms: 1_000 },
        },
      };
      const test = await harness.start({
        clock,
        handlers: { Test: forEver },
        worker: { ...dispatch, health: { stall_after_ms, cache_ttl_ms: 0 } },
      });
      await test.worker.enqueue(stepNamed("plain"));
      await eventually("the run", async () => (await clock.advance(100), runs === 1));
      await clock.advance(6_001);
      await check(test, "command_processor");
      await clock.advance(3_000);
      expect((await check(test, "command_processor")).status).toBe(status);
    },
  );

  it.each([
    [10_000, "pool_dead"],
    [600_000, null],
  ])(
    "pool_dead_after_ms %i: a pool that has handed out no connection for half a minute is %s",
    async (pool_dead_after_ms, verdict) => {
      const clock = createFakeClock();
      const onePlace = { database: { pool: { max_connections: 1 } } };
      const { worker } = await harness.start({
        clock,
        common: onePlace,
        ...health({ pool_dead_after_ms, stall_after_ms: 3_600_000 }),
      });
      await exhaustPool(worker);
      for (let second = 0; second < 30; second += 1) await clock.advance(1_000);
      await eventually(
        "a verdict",
        async () => (await clock.advance(1_000), worker.context.liveness.deadReason() === verdict),
      );
    },
  );

  it.each([
    [50, "degraded"],
    [500, "healthy"],
  ])(
    "max_age_seconds %i: a queue whose oldest visible message has waited for 100 s is %s",
    async (max_age_seconds, status) => {
      const test = await startFull(health({ max_age_seconds }));
      await harness.query(
        "insert into pgmq.q_payments_queue (vt, message) values (now() - interval '100 seconds', '{}')",
      );
      await eventually("a reading with the message", async () => (await readsDepth(test)) === 2);
      expect((await check(test, "queue_processing")).status).toBe(status);
    },
  );
});

it.each([
  [6, "degraded"],
  [7, "healthy"],
])(
  "common.queues.pgmq.queue_depth_thresholds.overflow_threshold %i: a queue of 6 messages is %s",
  async (overflow_threshold, status) => {
    const test = await startFull({
      ...health({}),
      common: { queues: { pgmq: { queue_depth_thresholds: { overflow_threshold } } } },
    });
    await harness.query(
      "insert into pgmq.q_payments_queue (vt, message) select now(), '{}' from generate_series(1, 5)",
    );
    await eventually("a reading with the messages", async () => (await readsDepth(test)) === 6);
    expect((await check(test, "queue_processing")).status).toBe(status);
  },
);

async function readsDepth({ worker }: TestWorker): Promise<number | null | undefined> {
  const readings = await worker.context.ports.queues?.statistics(new AbortController().signal);
  return readings?.[0]?.depth;
}
