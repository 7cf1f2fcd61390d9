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
  readonly #entries: readonly Entry[];
  #report: HealthReport<Status> | null = null;
  #wallMs = Number.NaN;
  #timestamp = "";

  constructor(options: CheckGroupOptions<Status>) {
    this.#options = options;
    this.#entries = options.runners.map((runner) => ({ runner, check: null }));
  }

  /**
   * The report: without a promise if all checks are fresh, else once the others have run, in parallel. Callers within
   * one millisecond get the same object, unless something in it has changed. Never rejects.
   */
  get(): Awaitable<HealthReport<Status>> {
    const now = this.#readClock();
    for (const entry of this.#entries) {
      if (!entry.runner.cached) continue;
      const check = entry.runner.get(now);
      if (check instanceof Promise) return this.#getLater(now);
      this.#update(entry, check);
    }
    return this.#assemble(now);
  }

  async #getLater(arrived: Instant): Promise<HealthReport<Status>> {
    const run = async ({ runner }: Entry) => (runner.cached ? runner.get(arrived) : null);
    const checks = await Promise.all(this.#entries.map(run));
    for (const [index, entry] of this.#entries.entries()) {
      const check = checks[index];
      if (check) this.#update(entry, check);
    }
    return this.#assemble(this.#readClock());
  }

  #assemble(now: Instant): HealthReport<Status> {
    const systemInfo = this.#options.systemInfo(now);
    // Uncached checks run last: the worker may have started to drain while the other checks ran.
    for (const entry of this.#entries)
      if (!entry.runner.cached) this.#update(entry, entry.runner.get(now));
    if (this.#report?.timestamp !== now.timestamp || this.#report.system_info !== systemInfo)
      this.#report = this.#build(now, systemInfo);
    return this.#report;
  }

  #build({ timestamp }: Instant, systemInfo: WorkerSystemInfo): HealthReport<Status> {
    const checks: [string, HealthCheck][] = [];
    for (const { runner, check } of this.#entries)
      if (check !== null) checks.push([runner.name, check]);
    return Object.freeze({
      status: this.#options.statusOf(checks.map(([, check]) => check)),
      timestamp,
      worker_id: this.#options.context.identity.workerId,
      checks: Object.freeze(Object.fromEntries(checks)),
      system_info: systemInfo,
    });
  }

  #update(entry: Entry, check: HealthCheck): void {
    if (entry.check === check) return;
    entry.check = check;
    this.#report = null;
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

/** A check's runner, and its report in the latest answer. */
interface Entry {
  readonly runner: CheckRunner;
  check: HealthCheck | null;
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
