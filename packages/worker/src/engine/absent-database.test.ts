import { startTcpProxy, type TcpProxy } from "@tasker-observability/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createWorker } from "../create-worker.js";
import { eventually, startTestWorker, stepNamed, testOptions } from "../testing/worker-harness.js";
import { dropQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(dropQueues);
let proxy: TcpProxy;
beforeAll(async () => (proxy = await startTcpProxy(harness.database.url)));
afterAll(() => proxy.close());
afterEach(() => proxy.restore());

describe("a worker whose database is away", () => {
  it("waits for it at its start: not ready, alive, and running once it answers", async () => {
    await proxy.cut();
    const worker = await createWorker(
      testOptions({ url: proxy.url(harness.database.url), templates: harness.templates }),
    );
    const starting = worker.start();
    await eventually("the wait", () => worker.context.lifecycle.current() === "starting");
    expect(worker.context.liveness.deadReason()).toBeNull();
    await proxy.restore();
    await starting;
    expect(worker.context.lifecycle.current()).toBe("running");
    await worker.stop();
  });

  it("can be stopped while it waits", async () => {
    await proxy.cut();
    const worker = await createWorker(
      testOptions({ url: proxy.url(harness.database.url), templates: harness.templates }),
    );
    const starting = worker.start();
    await eventually("the wait", () => worker.context.lifecycle.current() === "starting");
    await Promise.all([
      worker.stop(),
      expect(starting).rejects.toThrow("stopped before its database could be reached"),
    ]);
    expect(worker.context.lifecycle.current()).toBe("stopped");
  });

  it("stops though the network swallows everything, a step's outcome included", async () => {
    let end: () => void = () => undefined;
    const { worker } = await startTestWorker({
      url: proxy.url(harness.database.url),
      templates: harness.templates,
      handlers: { Test: () => new Promise<void>((resolve) => (end = resolve)) },
      worker: { shutdown: { drain_timeout_ms: 500 } },
    });
    await worker.enqueue(stepNamed("plain"));
    await eventually("the run", () => worker.context.steps.window().in_flight === 1);
    proxy.blackhole();
    end();
    await worker.stop();
    expect(worker.context.lifecycle.current()).toBe("stopped");
  });

  it("is alive however long the network swallows everything, and not ready", async () => {
    const { worker, live, ready } = await harness.start({
      url: proxy.url(harness.database.url),
      worker: { health: { stall_after_ms: 1_000, check_timeout_ms: 200, cache_ttl_ms: 0 } },
    });
    proxy.blackhole();
    await eventually(
      "a database that does not answer",
      async () => (await ready()).checks.database?.status === "unhealthy",
    );
    const { heartbeat } = worker.context.ports.commandProcessor!;
    for (let beat = 0; beat < 3; beat += 1) {
      await eventually("a beat that grows old", () => heartbeat!.ageMs() > 500);
      await eventually("another beat", () => heartbeat!.ageMs() < 500);
    }
    expect(await ready()).toMatchObject({
      status: "unhealthy",
      checks: { command_processor: { status: "healthy" } },
    });
    expect(await live()).toMatchObject({ status: "alive", reason: null });
  });
});
