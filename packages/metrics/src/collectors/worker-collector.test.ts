import { createFakeClock } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { collectOnce } from "../testing/collect-once.js";
import { createTestWorker } from "../testing/test-worker.js";
import { packageVersion } from "../version.js";
import { createWorkerCollector } from "./worker-collector.js";

it("reads the worker's identity and its uptime", async () => {
  const { context, clock } = createTestWorker(createFakeClock(), { workerType: "payments" });
  await clock.advance(61_900);
  const { samples } = await collectOnce(createWorkerCollector({ context }));
  expect(samples).toEqual({
    "tasker_worker_info{version=1.2.3,worker_id=orders-1,worker_type=payments}": 1,
    [`tasker_worker_build_info{observability_version=${packageVersion},node_version=${process.versions.node}}`]: 1,
    tasker_worker_uptime_seconds: 61,
  });
});
