import {
  operationsFor,
  type OperationsOfGroup,
  type WorkerContext,
} from "@tasker-observability/core";
import { z } from "zod";
import type { HealthAtOnce } from "./health-at-once.js";
import { type BasicHealth, basicHealthSchema } from "./schemas/basic-health.js";
import {
  type DetailedHealth,
  detailedHealthSchema,
  type ReadyHealth,
  readyHealthSchema,
} from "./schemas/detailed-health.js";
import { type LiveHealth, liveHealthSchema } from "./schemas/live-health.js";

/** What the operations ask: a HealthService, or anything that answers like one. */
export interface HealthQueries {
  readonly context: Pick<WorkerContext, "lifecycle" | "logger" | "clock">;
  basicHealth(): Promise<BasicHealth>;
  liveness(): Promise<LiveHealth>;
  readiness(): Promise<ReadyHealth>;
  detailed(): Promise<DetailedHealth>;
  /** The same without a promise, where there is no need to wait. @default none: everything is waited for */
  readonly atOnce?: HealthAtOnce | undefined;
}

/** What a service answers, as operations that any transport can carry. */
export function createHealthOperations(service: HealthQueries) {
  const operation = operationsFor(service.context, z.strictObject({}));
  return Object.freeze({
    health_basic: operation("health_basic", {
      result: basicHealthSchema,
      run: () => service.atOnce?.basicHealth() ?? service.basicHealth(),
    }),
    health_live: operation("health_live", {
      result: liveHealthSchema,
      verdict: ({ status }) => (status === "alive" ? "ok" : "unavailable"),
      run: () => service.atOnce?.liveness() ?? service.liveness(),
    }),
    health_ready: operation("health_ready", {
      result: readyHealthSchema,
      verdict: ({ status }) => (status === "healthy" ? "ok" : "unavailable"),
      run: () => service.atOnce?.readiness() ?? service.readiness(),
    }),
    // Always ok: it is read by people, and by monitors that want the body rather than a status code.
    health_detailed: operation("health_detailed", {
      result: detailedHealthSchema,
      run: () => service.atOnce?.detailed() ?? service.detailed(),
    }),
  } satisfies OperationsOfGroup<"health">);
}

/** The health operations, by name. */
export type HealthOperations = ReturnType<typeof createHealthOperations>;
