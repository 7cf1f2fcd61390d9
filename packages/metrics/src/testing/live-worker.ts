import { createWorkerContext, type WorkerContext } from "@tasker-observability/core";
import { createMetricsService, type MetricsService } from "../metrics-service.js";
import { allPorts, allSources } from "./test-worker.js";

/** A namespace that would forge a series where labels are not escaped. */
export const hostileNamespace = 'a"} 1\nup{job="prod\\ \0\u2028';

/** A worker on the machine's clock, for tools that look at it from outside. */
export interface LiveWorker {
  readonly context: WorkerContext;
  readonly service: MetricsService;
}

export function createLiveWorker(): LiveWorker {
  const context = createWorkerContext({ workerId: "orders/1", version: "1.2.3", ports: allPorts });
  return { context, service: createMetricsService({ context, ...allSources }) };
}

/** Four steps in each of two namespaces, of 1.2 s: two completed, one retried, one failed. */
export function runSteps({ context }: LiveWorker): void {
  for (const namespace of ["orders", hostileNamespace]) {
    const recorder = context.steps.recorder(namespace, "refund", "charge");
    for (const outcome of ["completed", "completed", "retried", "failed"] as const) {
      recorder.started(20);
      recorder.finished(outcome, 1_200);
    }
  }
}
