import type { Awaitable, HealthStatus, WorkerContext } from "@tasker-observability/core";
import type { CheckRunner, Instant } from "./check-runner.js";
import type { DetailedHealth } from "./schemas/detailed-health.js";
import type { HealthCheck } from "./schemas/health-check.js";
import type { WorkerSystemInfo } from "./schemas/worker-system-info.js";

/** The whole answer to one probe. */
export type HealthReport<Status extends HealthStatus> = Omit<DetailedHealth, "status"> & {
  readonly status: Status;
};

/** Options of {@link CheckGroup}. */
export interface CheckGroupOptions<Status extends HealthStatus> {
  /** In the order in which the report lists them. */
  readonly runners: readonly CheckRunner[];
  readonly context: Pick<WorkerContext, "clock" | "identity">;
  readonly systemInfo: (now: Instant) => WorkerSystemInfo;
  /** The status of all its checks together. */
  readonly statusOf: (checks: readonly HealthCheck[]) => Status;
}

/** The checks of one probe. */
export class CheckGroup<Status extends HealthStatus> {
  readonly #options: CheckGroupOptions<Status>;
  #wallMs = Number.NaN;
  #timestamp = "";
  #latest: Latest<Status> | null = null;

  constructor(options: CheckGroupOptions<Status>) {
    this.#options = options;
  }

  /**
   * The report: without a promise where all checks are fresh, else once the others have run, in parallel. All who ask
   * within one millisecond get the same object, unless something changed in it. Never rejects.
   */
  get(): Awaitable<HealthReport<Status>> {
    const now = this.#readClock();
    const results: Awaitable<HealthCheck | null>[] = [];
    for (const runner of this.#options.runners)
      results.push(runner.cached ? runner.get(now) : null);
    return isSettled(results) ? this.#assemble(results, now) : this.#assembleLater(results);
  }

  async #assembleLater(
    results: readonly Awaitable<HealthCheck | null>[],
  ): Promise<HealthReport<Status>> {
    const settled = await Promise.all(results.map(async (check) => check));
    return this.#assemble(settled, this.#readClock());
  }

  #assemble(settled: readonly (HealthCheck | null)[], now: Instant): HealthReport<Status> {
    const systemInfo = this.#options.systemInfo(now);
    const checks = this.#askUncached(settled, now);
    const latest = this.#latest;
    if (
      latest?.report.timestamp === now.timestamp &&
      latest.report.system_info === systemInfo &&
      isSame(checks, latest.checks)
    )
      return latest.report;
    const report = Object.freeze({
      status: this.#options.statusOf(checks),
      timestamp: now.timestamp,
      worker_id: this.#options.context.identity.workerId,
      checks: this.#byName(checks),
      system_info: systemInfo,
    });
    this.#latest = { checks, report };
    return report;
  }

  /** Uncached checks run last: the worker may have started to drain while the other checks ran. */
  #askUncached(settled: readonly (HealthCheck | null)[], now: Instant): readonly HealthCheck[] {
    const checks: HealthCheck[] = [];
    let index = 0;
    for (const runner of this.#options.runners) {
      const check = runner.cached ? settled[index] : runner.get(now);
      if (check != null) checks.push(check);
      index += 1;
    }
    return checks;
  }

  #byName(checks: readonly HealthCheck[]): Record<string, HealthCheck> {
    const { runners } = this.#options;
    return Object.freeze(
      Object.fromEntries(checks.map((check, index) => [runners[index]?.name ?? "", check])),
    );
  }

  /** Formatting an instant costs more than the rest of an answer from the cache; calls within one millisecond share it. */
  #readClock(): Instant {
    const { clock } = this.#options.context;
    const wallMs = clock.wallMs();
    if (wallMs !== this.#wallMs) {
      this.#wallMs = wallMs;
      this.#timestamp = new Date(wallMs).toISOString();
    }
    return { monotonicMs: clock.monotonicMs(), timestamp: this.#timestamp };
  }
}

interface Latest<Status extends HealthStatus> {
  readonly checks: readonly HealthCheck[];
  readonly report: HealthReport<Status>;
}

function isSettled(
  results: readonly Awaitable<HealthCheck | null>[],
): results is readonly (HealthCheck | null)[] {
  for (const check of results) if (check instanceof Promise) return false;
  return true;
}

function isSame(some: readonly HealthCheck[], others: readonly HealthCheck[]): boolean {
  for (let index = 0; index < some.length; index += 1)
    if (some[index] !== others[index]) return false;
  return true;
}

/** Readiness is healthy or unhealthy: only an unhealthy required check makes it unhealthy. */
export function readyStatus(checks: readonly HealthCheck[]): "healthy" | "unhealthy" {
  return checks.some(
    ({ status, criticality }) => status === "unhealthy" && criticality === "required",
  )
    ? "unhealthy"
    : "healthy";
}

/** Also degraded when a check that is not required fails. */
export function detailedStatus(checks: readonly HealthCheck[]): HealthStatus {
  if (readyStatus(checks) === "unhealthy") return "unhealthy";
  return checks.some(({ status }) => status !== "healthy") ? "degraded" : "healthy";
}
