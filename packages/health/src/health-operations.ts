import {
  type Awaitable,
  operationsFor,
  type OperationsOfGroup,
  type WorkerContext,
} from "@tasker-observability/core";
import * as z from "zod/mini";
import { type BasicHealth, basicHealthSchema } from "./schemas/basic-health.js";
import {
  type DetailedHealth,
  detailedHealthSchema,
  type ReadyHealth,
  readyHealthSchema,
} from "./schemas/detailed-health.js";
import { type LiveHealth, liveHealthSchema } from "./schemas/live-health.js";

/** What the operations call: a HealthService, or an object with the same methods. */
export interface HealthQueries {
  /** The worker whose lifecycle decides whether the operations answer. */
  readonly context: Pick<WorkerContext, "lifecycle" | "logger" | "clock">;
  /** Says that the process answers. Does no I/O. */
  basicHealth(): Awaitable<BasicHealth>;
  /** Says whether only a restart would help. Does no I/O. */
  liveness(): Awaitable<LiveHealth>;
  /** The readiness checks, and whether work should be sent here. */
  readiness(): Awaitable<ReadyHealth>;
  /** All checks, and the worker around them. */
  detailed(): Awaitable<DetailedHealth>;
}

// zod/mini has no texts of its own: messages must not depend on whether another module loaded zod's.
const noParams = z.strictObject(
  {},
  {
    error: ({ code, input }) =>
      code === "invalid_type"
        ? `Invalid input: expected object, received ${Array.isArray(input) ? "array" : typeof input}`
        : undefined,
  },
);

/** The answers of a service, as operations that any transport can carry. */
export function createHealthOperations(service: HealthQueries) {
  const operation = operationsFor(service.context, noParams);
  return Object.freeze({
    health_basic: operation("health_basic", {
      result: basicHealthSchema,
      run: () => service.basicHealth(),
    }),
    health_live: operation("health_live", {
      result: liveHealthSchema,
      verdict: ({ status }) => (status === "alive" ? "ok" : "unavailable"),
      run: () => service.liveness(),
    }),
    health_ready: operation("health_ready", {
      result: readyHealthSchema,
      verdict: ({ status }) => (status === "healthy" ? "ok" : "unavailable"),
      run: () => service.readiness(),
    }),
    // Always ok: its readers are people, and monitors that use the body rather than a status code.
    health_detailed: operation("health_detailed", {
      result: detailedHealthSchema,
      run: () => service.detailed(),
    }),
  } satisfies OperationsOfGroup<"health">);
}

/** The health operations, by name. */
export type HealthOperations = ReturnType<typeof createHealthOperations>;
