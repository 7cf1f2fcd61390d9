import type { HealthSource, HealthStatus, WorkerContext } from "@tasker-observability/core";
import { createRedactor } from "@tasker-observability/core/redact";
import { type CheckReports, CheckRound, detailedStatus, readyStatus } from "./check-round.js";
import { type CheckRunner, createCheckRunner } from "./check-runner.js";
import { builtInChecks } from "./checks/built-in-checks.js";
import { readCustomCheck } from "./checks/custom-check.js";
import { type HealthServiceOptions, refuseWrongOptions, resolveContext } from "./health-options.js";
import type { BasicHealth } from "./schemas/basic-health.js";
import type { DetailedHealth, ReadyHealth } from "./schemas/detailed-health.js";
import type { LiveHealth } from "./schemas/live-health.js";
import type { WorkerSystemInfo } from "./schemas/worker-system-info.js";
import { createSystemInfo } from "./system-info.js";

/**
 * Answers how a worker is, for probes and for people. All answers are frozen plain objects; none of its methods rejects
 * for a sick dependency, which is what they are there to report.
 */
export class HealthService implements HealthSource {
  /** The worker that it answers for. */
  readonly context: WorkerContext;
  readonly #runners: readonly CheckRunner[];
  readonly #ready: CheckRound<ReadyHealth["status"]>;
  readonly #all: CheckRound<HealthStatus>;
  readonly #systemInfo: (timestamp: string) => WorkerSystemInfo;

  /** @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options, a duplicate name of a check included. */
  constructor(options: HealthServiceOptions = {}) {
    refuseWrongOptions(options);
    const context = resolveContext(options);
    const checks = [...builtInChecks(context, options), ...(options.checks ?? []).map(readCustomCheck)];
    const runnerOptions = {
      redactor: createRedactor(),
      cacheTtlMs: options.cacheTtlMs ?? 1_000,
      hungRetryMs: options.hungRetryMs ?? 10_000,
      checkTimeoutMs: options.checkTimeoutMs,
    };
    this.context = context;
    this.#runners = checks.map((check) => createCheckRunner(check, context, runnerOptions));
    this.#ready = new CheckRound(
      this.#runners.filter((runner) => runner.probes.includes("ready")),
      context,
      readyStatus,
    );
    this.#all = new CheckRound(this.#runners, context, detailedStatus);
    this.#systemInfo = createSystemInfo(context);
  }

  /** Says that the process can answer at all, while it starts and drains too. */
  async basicHealth(): Promise<BasicHealth> {
    return Object.freeze({ status: "healthy", timestamp: this.context.timestamp(), worker_id: this.context.identity.workerId });
  }

  /** Says whether a restart is called for. It does no I/O: watchdogs report to `context.liveness`. */
  async liveness(): Promise<LiveHealth> {
    const reason = this.context.liveness.verdict();
    return Object.freeze({
      status: reason === null ? "alive" : "dead",
      reason,
      timestamp: this.context.timestamp(),
      worker_id: this.context.identity.workerId,
    });
  }

  /** Runs the readiness checks: unhealthy when a required one is, else healthy. */
  readiness(): Promise<ReadyHealth> {
    return this.#ask(this.#ready);
  }

  /** Runs all checks: unhealthy when a required one is, degraded when any is not healthy. */
  detailed(): Promise<DetailedHealth> {
    return this.#ask(this.#all);
  }

  /**
   * Every check's status by name, through the same runs and cache as the answers.
   *
   * @throws the signal's reason where it was aborted before; the wait itself is bounded by the checks' time-outs.
   */
  async statuses(signal: AbortSignal): Promise<Readonly<Record<string, HealthStatus>>> {
    signal.throwIfAborted();
    const { checks } = await this.#all.get();
    return Object.fromEntries(Object.entries(checks).map(([name, { status }]) => [name, status]));
  }

  /** Abandons the runs under way; later answers report their checks as `closed`. May be called again. The database stays yours. */
  close(): void {
    for (const runner of this.#runners) runner.close();
  }

  async #ask<Status extends HealthStatus>(round: CheckRound<Status>): Promise<Answer<Status>> {
    const timestamp = this.context.timestamp();
    const reports = round.fresh(timestamp);
    if (reports !== null) return this.#answer(reports, timestamp);
    return this.#answer(await round.get(), this.context.timestamp());
  }

  #answer<Status extends HealthStatus>({ status, checks }: CheckReports<Status>, timestamp: string): Answer<Status> {
    return Object.freeze({
      status,
      timestamp,
      worker_id: this.context.identity.workerId,
      checks,
      system_info: this.#systemInfo(timestamp),
    });
  }
}

type Answer<Status extends HealthStatus> = Omit<DetailedHealth, "status"> & { status: Status };

/**
 * Makes a HealthService. It starts nothing until it is asked.
 *
 * @example
 * const health = createHealthService({ database: pool });
 * const { status } = await health.readiness();
 *
 * @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options.
 */
export function createHealthService(options: HealthServiceOptions = {}): HealthService {
  return new HealthService(options);
}
