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
  /** What the checks come to together. */
  readonly statusOf: (checks: readonly HealthCheck[]) => Status;
}

/** The checks of one probe, asked together. */
export class CheckGroup<Status extends HealthStatus> {
  readonly #options: CheckGroupOptions<Status>;
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
    const asked = this.#options.runners.map((runner) => (runner.cached ? runner.get(now) : null));
    return asked.every(isSettled) ? this.#assemble(asked, now) : this.#assembleLater(asked);
  }

  async #assembleLater(
    asked: readonly (Awaitable<HealthCheck> | null)[],
  ): Promise<HealthReport<Status>> {
    const settled = await Promise.all(asked.map(async (check) => check));
    return this.#assemble(settled, this.#readClock());
  }

  /** What is never cached is asked last: the worker may have begun to drain while the other checks ran. */
  #assemble(settled: readonly (HealthCheck | null)[], now: Instant): HealthReport<Status> {
    const checks = this.#options.runners.map((runner, index) =>
      runner.cached ? settled[index] : runner.get(now),
    ) as readonly HealthCheck[];
    const systemInfo = this.#options.systemInfo(now);
    const latest = this.#latest;
    if (
      latest?.wallMs === now.wallMs &&
      latest.report.system_info === systemInfo &&
      checks.every((check, index) => check === latest.checks[index])
    )
      return latest.report;
    const report = Object.freeze({
      status: this.#options.statusOf(checks),
      timestamp: new Date(now.wallMs).toISOString(),
      worker_id: this.#options.context.identity.workerId,
      checks: this.#byName(checks),
      system_info: systemInfo,
    });
    this.#latest = { wallMs: now.wallMs, checks, report };
    return report;
  }

  #byName(checks: readonly HealthCheck[]): Record<string, HealthCheck> {
    const { runners } = this.#options;
    return Object.freeze(
      Object.fromEntries(checks.map((check, index) => [runners[index]?.name ?? "", check])),
    );
  }

  #readClock(): Instant {
    const { clock } = this.#options.context;
    return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  }
}

interface Latest<Status extends HealthStatus> {
  readonly wallMs: number;
  readonly checks: readonly HealthCheck[];
  readonly report: HealthReport<Status>;
}

function isSettled(check: Awaitable<HealthCheck> | null): check is HealthCheck | null {
  return !(check instanceof Promise);
}

/** Readiness is yes or no: only a required check that is unhealthy says no. */
export function readyStatus(checks: readonly HealthCheck[]): "healthy" | "unhealthy" {
  return checks.some(
    ({ status, criticality }) => status === "unhealthy" && criticality === "required",
  )
    ? "unhealthy"
    : "healthy";
}

/** The whole picture: what does not fail the worker may still impair it. */
export function detailedStatus(checks: readonly HealthCheck[]): HealthStatus {
  if (readyStatus(checks) === "unhealthy") return "unhealthy";
  return checks.some(({ status }) => status !== "healthy") ? "degraded" : "healthy";
}
