import type { WorkerContext } from "@tasker-observability/core";
import type { MetricsService } from "../metrics-service.js";

/** Options of `pushMetrics`. */
export interface PushMetricsOptions {
  readonly service: Pick<MetricsService, "prometheusFormat"> & {
    readonly context: Pick<WorkerContext, "clock" | "identity" | "logger">;
  };
  /** The Pushgateway's address, http or https; a path prefix and user-info are understood. It is never logged. */
  readonly url: string;
  /** Milliseconds from the end of one push to the next. @default 15000 */
  readonly intervalMs?: number | undefined;
  /** Milliseconds that one request may take. @default 5000 */
  readonly timeoutMs?: number | undefined;
  /** The label `job` of what is pushed; without a slash. @default "tasker_worker" */
  readonly jobName?: string | undefined;
  /** The labels that tell this worker's numbers from others'. @default { instance: the worker's id } */
  readonly groupings?: Readonly<Record<string, string>> | undefined;
}
