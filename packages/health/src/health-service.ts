import type {
  Awaitable,
  HealthSource,
  HealthStatus,
  WorkerContext,
} from "@tasker-observability/core";
import { parseOptions } from "@tasker-observability/core/options";
import { CheckGroup, detailedStatus, readyStatus } from "./check-group.js";
import { type CheckRunner, createCheckRunner } from "./check-runner.js";
import { builtInChecks } from "./checks/built-in-checks.js";
import { readCustomCheck } from "./checks/custom-check.js";
import { createHealthOperations, type HealthOperations } from "./health-operations.js";
import {
  type HealthServiceOptions,
  healthServiceOptionsSchema,
  resolveContext,
} from "./health-options.js";
import type { BasicHealth } from "./schemas/basic-health.js";
import type { DetailedHealth, ReadyHealth } from "./schemas/detailed-health.js";
import type { LiveHealth } from "./schemas/live-health.js";
import { createSystemInfo } from "./system-info.js";

/**
 * Reports the health of a worker, for probes and for people. All answers are frozen plain objects. If a dependency
 * fails, the methods report it and do not reject.
 */
export class HealthService implements HealthSource {
  /** The worker to answer for. */
  readonly context: WorkerContext;
  /** The service's operations, for transports. */
  readonly operations: HealthOperations;
  readonly #runners: readonly CheckRunner[];
  readonly #ready: CheckGroup<ReadyHealth["status"]>;
  readonly #all: CheckGroup<HealthStatus>;

  /** @throws ObservabilityError INVALID_PARAMS that lists every wrong option and every duplicate name of a check. */
  constructor(options: HealthServiceOptions = {}) {
    const resolved = parseOptions("createHealthService", healthServiceOptionsSchema, options);
    const { cacheTtlMs, abandonAfterMs, checkTimeoutMs } = resolved;
    const context = resolveContext(resolved);
    const checks = [...builtInChecks(context, resolved), ...resolved.checks.map(readCustomCheck)];
    const { redactor } = context;
    const runnerOptions = { redactor, cacheTtlMs, abandonAfterMs, checkTimeoutMs };
    this.context = context;
    this.#runners = checks.map((check) => createCheckRunner(check, context, runnerOptions));
    const common = { context, systemInfo: createSystemInfo(context) };
    this.#ready = new CheckGroup({
      ...common,
      runners: this.#runners.filter(({ probes }) => probes.includes("ready")),
      statusOf: readyStatus,
    });
    this.#all = new CheckGroup({ ...common, runners: this.#runners, statusOf: detailedStatus });
    this.operations = createHealthOperations(this);
  }

  /** Says that the process can answer at all, while it starts and drains too. */
  basicHealth(): BasicHealth {
    const { context } = this;
    return Object.freeze({
      status: "healthy",
      timestamp: context.timestamp(),
      worker_id: context.identity.workerId,
    });
  }

  /** Reports whether only a restart would help. It does no I/O: watchdogs report to `context.liveness`. */
  liveness(): LiveHealth {
    const { context } = this;
    const reason = context.liveness.deadReason();
    return Object.freeze({
      status: reason === null ? "alive" : "dead",
      reason,
      timestamp: context.timestamp(),
      worker_id: context.identity.workerId,
    });
  }

  /** Runs the readiness checks that are not fresh: unhealthy when a required one is, else healthy. A promise only if one has to run. */
  readiness(): Awaitable<ReadyHealth> {
    return this.#ready.get();
  }

  /** Runs all checks that are not fresh: unhealthy when a required one is, degraded when any is not healthy. A promise only if one has to run. */
  detailed(): Awaitable<DetailedHealth> {
    return this.#all.get();
  }

  /**
   * Every check's status by name, through the same runs and cache as the answers.
   *
   * @throws the signal's reason if it was aborted before; the checks' time-outs bound the wait.
   */
  async statuses(signal: AbortSignal): Promise<Readonly<Record<string, HealthStatus>>> {
    signal.throwIfAborted();
    const { checks } = await this.#all.get();
    return Object.fromEntries(Object.entries(checks).map(([name, { status }]) => [name, status]));
  }

  /** Abandons running checks; later answers report them as `closed`. Idempotent. The database stays yours. */
  close(): void {
    for (const runner of this.#runners) runner.close();
  }
}

/**
 * Makes a HealthService. It starts nothing until it is called.
 *
 * @example
 * const health = createHealthService({ database: pool });
 * const { status } = await health.readiness();
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 */
export function createHealthService(options: HealthServiceOptions = {}): HealthService {
  return new HealthService(options);
}
