import { type Clock, systemClock } from "./clock.js";
import {
  assertContextOptions,
  type Identity,
  type Optional,
  type WorkerContextOptions,
} from "./context-options.js";
import { createLifecycle, type Lifecycle } from "./lifecycle.js";
import { createLiveness, type Liveness } from "./liveness.js";
import { type Logger, silentLogger } from "./logger.js";
import type { Ports } from "./ports.js";
import { createRedactor, type Redactor } from "@tasker-observability/redact";
import { createSafeLogger } from "./safe-logger.js";
import { createStepStatistics, type StepStatistics } from "./step-statistics.js";

/** What all services of one worker share. It has no connection and starts nothing. */
export interface WorkerContext {
  readonly identity: Identity;
  readonly ports: Optional<Ports>;
  readonly steps: StepStatistics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly redactor: Redactor;
  readonly lifecycle: Lifecycle;
  readonly liveness: Liveness;
  /** When the context was made, in milliseconds of the clock's `monotonicMs`. */
  readonly startedAtMs: number;
  /** Whole seconds since the context was made. */
  uptimeSeconds(): number;
  /** The current time: ISO 8601, UTC, milliseconds. */
  timestamp(): string;
}

/**
 * Makes the context of a worker.
 *
 * @example
 * const context = createWorkerContext({ workerId: "orders-1", ports: { database: fromPgPool(pool) } });
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 */
export function createWorkerContext(options: WorkerContextOptions = {}): WorkerContext {
  assertContextOptions(options);
  const clock = options.clock ?? systemClock;
  const startedAtMs = clock.monotonicMs();
  return Object.freeze({
    identity: toIdentity(options),
    ports: Object.freeze({ ...options.ports }),
    steps: createStepStatistics({ clock, windowSeconds: options.stepWindowSeconds }),
    clock,
    logger: createSafeLogger(options.logger ?? silentLogger, options.redactor),
    redactor: options.redactor ?? createRedactor(),
    lifecycle: createLifecycle(options.lifecycle ?? "running"),
    liveness: createLiveness(),
    startedAtMs,
    uptimeSeconds: () => Math.floor((clock.monotonicMs() - startedAtMs) / 1_000),
    timestamp: createTimestamps(clock),
  });
}

function toIdentity(options: Optional<Identity>): Identity {
  return Object.freeze({
    workerId: options.workerId ?? `worker-${crypto.randomUUID()}`,
    workerType: options.workerType ?? "general",
    version: options.version ?? "0.0.0",
    environment: options.environment ?? "development",
    namespaces: Object.freeze([...(options.namespaces ?? [])]),
    capabilities: Object.freeze([...(options.capabilities ?? [])]),
  });
}

/** Formatting an instant costs more than the rest of a basic answer; calls within one millisecond share it. */
function createTimestamps(clock: Clock): () => string {
  let formattedMs = Number.NaN;
  let formatted = "";
  return () => {
    const nowMs = clock.wallMs();
    if (nowMs !== formattedMs) {
      formattedMs = nowMs;
      formatted = new Date(nowMs).toISOString();
    }
    return formatted;
  };
}
