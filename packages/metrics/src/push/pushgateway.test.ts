import { startToolServer, type ToolServer } from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createLiveWorker, runSteps } from "../testing/live-worker.js";
import { pushMetrics } from "./push-metrics.js";

const { PUSHGATEWAY } = process.env;
const timeouts = { timeout: 30_000, interval: 100 };

describe.skipIf(PUSHGATEWAY === undefined)("a real Pushgateway", () => {
  let gateway: ToolServer;
  beforeAll(async () => {
    gateway = await startToolServer(PUSHGATEWAY, (address) => [`--web.listen-address=${address}`]);
  });
  afterAll(() => gateway.stop());

  const pushed = async (): Promise<string> => (await fetch(`${gateway.url}/metrics`)).text();

  it("keeps what the worker pushes under its id, until the worker stops", async () => {
    const worker = createLiveWorker();
    runSteps(worker);
    const push = pushMetrics({ service: worker.service, url: gateway.url, intervalMs: 50 });
    await vi.waitFor(
      async () =>
        expect(await pushed()).toContain(
          'tasker_worker_uptime_seconds{instance="orders/1",job="tasker_worker"}',
        ),
      timeouts,
    );
    expect(await pushed()).toContain(
      'tasker_worker_steps_total{instance="orders/1",job="tasker_worker",namespace="orders",outcome="completed",step="charge",template="refund"} 2',
    );
    worker.context.steps.recorder("orders", "refund", "charge").finished("completed", 1);
    await vi.waitFor(
      async () => expect(await pushed()).toContain('step="charge",template="refund"} 3'),
      timeouts,
    );
    await push.stop();
    expect(await pushed()).not.toContain("tasker_worker_");
  });

  it("keeps the groups of two workers apart", async () => {
    const pushes = ["", "b"].map((instance) =>
      pushMetrics({
        service: createLiveWorker().service,
        url: gateway.url,
        groupings: { instance, zone: "ä/b" },
      }),
    );
    await vi.waitFor(
      async () =>
        expect(
          (await pushed()).match(/^tasker_worker_uptime_seconds\{.*zone="ä\/b"\}/gm),
        ).toHaveLength(2),
      timeouts,
    );
    await pushes[0]!.stop();
    expect((await pushed()).match(/^tasker_worker_uptime_seconds.*$/gm)).toEqual([
      expect.stringContaining('instance="b"'),
    ]);
    await pushes[1]!.stop();
  });
});
