import { defineOperation, type Operation, type WorkerContext } from "@tasker-observability/core";
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

const noParams = z.strictObject({});
type NoParams = typeof noParams;

/** The health operations, by name. */
export type HealthOperations = {
  readonly health_basic: Operation<"health_basic", NoParams, typeof basicHealthSchema>;
  readonly health_live: Operation<"health_live", NoParams, typeof liveHealthSchema>;
  readonly health_ready: Operation<"health_ready", NoParams, typeof readyHealthSchema>;
  readonly health_detailed: Operation<"health_detailed", NoParams, typeof detailedHealthSchema>;
};

/** What a service answers, as operations that any transport can carry. */
export function createHealthOperations(service: HealthQueries): HealthOperations {
  const common = {
    group: "health",
    access: "read",
    params: noParams,
    mediaTypes: ["application/json"],
    context: service.context,
  } as const;
  return Object.freeze({
    health_basic: defineOperation({
      ...common,
      name: "health_basic",
      exposure: "probe",
      result: basicHealthSchema,
      run: () => service.atOnce?.basicHealth() ?? service.basicHealth(),
    }),
    health_live: defineOperation({
      ...common,
      name: "health_live",
      exposure: "probe",
      result: liveHealthSchema,
      verdict: ({ status }) => (status === "alive" ? "ok" : "unavailable"),
      run: () => service.atOnce?.liveness() ?? service.liveness(),
    }),
    health_ready: defineOperation({
      ...common,
      name: "health_ready",
      exposure: "probe",
      result: readyHealthSchema,
      verdict: ({ status }) => (status === "healthy" ? "ok" : "unavailable"),
      run: () => service.atOnce?.readiness() ?? service.readiness(),
    }),
    // Always ok: it is read by people, and by monitors that want the body rather than a status code.
    health_detailed: defineOperation({
      ...common,
      name: "health_detailed",
      exposure: "detail",
      result: detailedHealthSchema,
      run: () => service.atOnce?.detailed() ?? service.detailed(),
    }),
  });
}
