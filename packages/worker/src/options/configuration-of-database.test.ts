import { startTcpProxy } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { createWorker } from "../create-worker.js";
import { toWorkerOptions } from "./to-worker-options.js";
import { eventually, testConfig } from "../testing/worker-harness.js";
import { dropQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(dropQueues);

describe("common.database", () => {
  it.each([3, 7])("pool.max_connections %i: the size of the pool", async (max_connections) => {
    const { detailed } = await harness.start({
      common: { database: { pool: { max_connections } } },
    });
    expect((await detailed()).system_info.pool_utilization).toMatchObject({
      tasker_pool: { max_connections },
    });
  });

  it("pool.acquire_timeout_seconds: how long a connection is waited for", async () => {
    const proxy = await startTcpProxy(harness.database.url);
    onTestFinished(() => proxy.close());
    proxy.blackhole();
    const log: unknown[] = [];
    const config = testConfig({
      url: proxy.url(harness.database.url),
      templates: harness.templates,
      common: { database: { pool: { acquire_timeout_seconds: 1 } } },
    });
    const worker = await createWorker({
      ...toWorkerOptions(config),
      logger: (_level, _message, fields) => log.push(fields?.kind),
    });
    worker.start().catch(() => undefined);
    onTestFinished(() => worker.stop());
    await eventually("the first failure", () => log.length > 0, 5_000);
    expect(log).toEqual(["connection_timeout"]);
  });

  it("listen_url: where the worker listens", async () => {
    const proxy = await startTcpProxy(harness.database.url);
    onTestFinished(() => proxy.close());
    const { worker } = await harness.start({
      common: { database: { listen_url: proxy.url(harness.database.url) } },
    });
    await eventually(
      "the listener",
      () => worker.context.ports.eventSystem?.listener() === "connected",
    );
    expect(proxy.connections()).toBe(1);
  });
});
