import { type Clock, systemClock } from "./clock.js";
import { assertContextOptions } from "./context-options.js";
import { createLifecycle, type Lifecycle, type LifecycleState } from "./lifecycle.js";
import { createLiveness, type Liveness } from "./liveness.js";
import { type Logger, type LoggerLike, silentLogger } from "./logger.js";
import type { Ports } from "./ports.js";
import { createRedactor, type Redactor } from "@tasker-observability/redact";
import { createSafeLogger } from "./safe-logger.js";
import { createStepStatistics, type StepStatistics } from "./step-statistics.js";

/** Who this worker is. */
export interface Identity {
  readonly workerId: string;
  readonly workerType: string;
  readonly version: string;
  readonly environment: string;
  /** The template namespaces that it serves. */
  readonly namespaces: readonly string[];
  readonly capabilities: readonly string[];
}

type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Options of {@link createWorkerContext}; all have a default. */
export interface WorkerContextOptions extends Optional<Identity> {
  /** The ports of the worker. @default none */
  readonly ports?: Optional<Ports> | undefined;
  /** @default "running" */
  readonly lifecycle?: Lifecycle | undefined;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
  /** Receives everything redacted, and errors as plain data. Errors that it throws are ignored. @default silent */
  readonly logger?: LoggerLike | undefined;
  /** Masks secrets in log lines, messages of checks and failure reasons. A configuration's `redactor` knows its secrets. @default one without known secrets */
  readonly redactor?: Redactor | undefined;
  /** Seconds of the sliding window over step outcomes. @default 300 */
  readonly stepWindowSeconds?: number | undefined;
}

/** What all services of one worker share. It has no connection and starts nothing. */
export interface WorkerContext {
  readonly identity: Identity;
  readonly ports: Optional<Ports>;
  readonly steps: StepStatistics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly redactor: Redactor;
  readonly lifecycle: LifecycleState;
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
