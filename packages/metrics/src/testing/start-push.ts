import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { createMetricsService } from "../metrics-service.js";
import { createTestWorker, type TestWorker } from "./test-worker.js";
import { pushMetrics } from "../push/push-metrics.js";
import type { PushMetricsOptions } from "../push/push-options.js";

export function startPush(
  url: string,
  options: Partial<PushMetricsOptions> = {},
  workerId = "orders-1",
): TestWorker<FakeClock> & { readonly stop: () => Promise<void> } {
  const worker = createTestWorker(createFakeClock(), { workerId });
  const service = createMetricsService({ context: worker.context });
  const push = pushMetrics({ service, url, ...options });
  return { ...worker, stop: () => push.stop() };
}
