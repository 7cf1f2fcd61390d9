import type { HealthStatus, WorkerContext } from "@tasker-observability/core";
import type { CheckRunner } from "./check-runner.js";
import type { HealthCheck } from "./schemas/health-check.js";

/** The reports of one probe's checks, and what they come to. */
export interface CheckReports<Status extends HealthStatus> {
  readonly status: Status;
  readonly checks: Record<string, HealthCheck>;
}

/** The checks of one probe, asked together; `checks` lists them in the order of `runners`. */
export class CheckGroup<Status extends HealthStatus> {
  readonly #runners: readonly CheckRunner[];
  readonly #context: Pick<WorkerContext, "clock" | "timestamp">;
  readonly #judge: (reports: readonly HealthCheck[]) => Status;
  readonly #latest: HealthCheck[] = [];
  #assembled: CheckReports<Status> | null = null;

  constructor(
    runners: readonly CheckRunner[],
    context: Pick<WorkerContext, "clock" | "timestamp">,
    judge: (reports: readonly HealthCheck[]) => Status,
  ) {
    this.#runners = runners;
    this.#context = context;
    this.#judge = judge;
  }

  /**
   * All reports where all are fresh, without a promise; the same object while none of them changed.
   * @param timestamp - the present instant, which the caller has read already.
   */
  fresh(timestamp: string): CheckReports<Status> | null {
    const nowMs = this.#context.clock.monotonicMs();
    let index = 0;
    for (const runner of this.#runners) {
      const report = runner.fresh(nowMs, timestamp);
      if (report === null) return null;
      this.#keep(index, report);
      index += 1;
    }
    return (this.#assembled ??= this.#assemble());
  }

  /** All reports; what is not fresh is run, in parallel. Never rejects. */
  async get(): Promise<CheckReports<Status>> {
    const reports = await Promise.all(this.#runners.map((runner) => runner.get()));
    // What is never cached is read last: the worker may have begun to drain while the others ran.
    const nowMs = this.#context.clock.monotonicMs();
    const timestamp = this.#context.timestamp();
    for (const [index, runner] of this.#runners.entries()) {
      const report = runner.cached ? reports[index] : runner.fresh(nowMs, timestamp);
      if (report !== undefined && report !== null) this.#keep(index, report);
    }
    return (this.#assembled ??= this.#assemble());
  }

  #keep(index: number, report: HealthCheck): void {
    if (this.#latest[index] === report) return;
    this.#latest[index] = report;
    this.#assembled = null;
  }

  #assemble(): CheckReports<Status> {
    const checks: Record<string, HealthCheck> = Object.fromEntries(
      this.#latest.map((report, index) => [this.#runners[index]?.name ?? "", report]),
    );
    return Object.freeze({ status: this.#judge(this.#latest), checks: Object.freeze(checks) });
  }
}

/** Readiness is yes or no: only a required check that is unhealthy says no. */
export function readyStatus(reports: readonly HealthCheck[]): "healthy" | "unhealthy" {
  return reports.some(
    ({ status, criticality }) => status === "unhealthy" && criticality === "required",
  )
    ? "unhealthy"
    : "healthy";
}

/** The whole picture: what does not fail the worker may still impair it. */
export function detailedStatus(reports: readonly HealthCheck[]): HealthStatus {
  if (readyStatus(reports) === "unhealthy") return "unhealthy";
  return reports.some(({ status }) => status !== "healthy") ? "degraded" : "healthy";
}
