import type { HealthStatus, WorkerContext } from "@tasker-observability/core";
import type { HealthReport } from "./health-report.js";
import type { BasicHealth } from "./schemas/basic-health.js";
import type { DetailedHealth, ReadyHealth } from "./schemas/detailed-health.js";
import type { LiveHealth } from "./schemas/live-health.js";

/**
 * The answers that need no wait, without a promise. Under load, waiting for nothing is a good part of what an answer
 * costs, and within the time-to-live of the checks nearly every answer is here.
 */
export interface HealthAtOnce {
  basicHealth(): BasicHealth;
  liveness(): LiveHealth;
  /** Null while a check has to be run first. */
  readiness(): ReadyHealth | null;
  /** Null while a check has to be run first. */
  detailed(): DetailedHealth | null;
}

type Context = Pick<WorkerContext, "identity" | "liveness" | "timestamp">;

export function createHealthAtOnce(
  { identity, liveness, timestamp }: Context,
  ready: HealthReport<ReadyHealth["status"]>,
  all: HealthReport<HealthStatus>,
): HealthAtOnce {
  return Object.freeze({
    basicHealth: () =>
      Object.freeze({
        status: "healthy" as const,
        timestamp: timestamp(),
        worker_id: identity.workerId,
      }),
    liveness() {
      const reason = liveness.verdict();
      const status = reason === null ? ("alive" as const) : ("dead" as const);
      return Object.freeze({
        status,
        reason,
        timestamp: timestamp(),
        worker_id: identity.workerId,
      });
    },
    readiness: () => ready.atOnce(),
    detailed: () => all.atOnce(),
  });
}
