import {
  classifyFailure,
  createSharedRun,
  type RunOutcome,
  type RunSignals,
  type SharedResult,
  type SharedRun,
  type WorkerContext,
} from "@tasker-observability/core";
import type { Redactor } from "@tasker-observability/redact";
import { createCheckLog, type CheckLog } from "./check-log.js";
import { type ReadResult, readCheckResult } from "./check-result.js";
import type { Check, InstantCheck, Probe, SharedCheck } from "./checks/check.js";
import type { HealthCheck } from "./schemas/health-check.js";

/** What all runners of one service share. */
export interface RunnerOptions {
  readonly redactor: Pick<Redactor, "text" | "error">;
  /** Milliseconds for which a finished run serves everybody who asks. */
  readonly cacheTtlMs: number;
  /** Milliseconds after which a run that hangs is abandoned and a new one may start. */
  readonly abandonAfterMs: number;
  /** Milliseconds for checks that set none of their own. @default 900 for readiness checks, 2000 for the others */
  readonly checkTimeoutMs?: number | undefined;
}

/** One check with its time-out, its cache and its one run under way. */
export interface CheckRunner {
  readonly name: string;
  readonly probes: readonly Probe[];
  /** False where every answer judges anew. */
  readonly cached: boolean;
  /**
   * The report while it is fresh, without a promise; the same object until there is a new one.
   * @param nowMs - the monotonic instant. @param timestamp - the same instant for people.
   */
  fresh(nowMs: number, timestamp: string): HealthCheck | null;
  /** The report while it is fresh, else that of the run under way or started now. Never rejects. */
  get(): Promise<HealthCheck>;
  close(): void;
}

type RunnerContext = Pick<WorkerContext, "clock" | "logger" | "timestamp">;

/** Makes a check safe to ask: whatever it does, an answer comes within its time-out. */
export function createCheckRunner(
  check: Check,
  context: RunnerContext,
  options: RunnerOptions,
): CheckRunner {
  return check.cached
    ? new SharedCheckRunner(check, context, options)
    : new InstantCheckRunner(check, context);
}

class SharedCheckRunner implements CheckRunner {
  readonly name: string;
  readonly probes: readonly Probe[];
  readonly cached = true;
  readonly #check: SharedCheck;
  readonly #timeoutMs: number;
  readonly #log: CheckLog;
  readonly #shared: SharedRun<ReadResult>;
  #reported: SharedResult<ReadResult> | null = null;
  #report: HealthCheck | null = null;
  #closed = false;

  constructor(check: SharedCheck, context: RunnerContext, options: RunnerOptions) {
    this.name = check.name;
    this.probes = check.probes;
    this.#check = check;
    this.#timeoutMs =
      check.timeoutMs ?? options.checkTimeoutMs ?? (check.probes.includes("ready") ? 900 : 2_000);
    this.#log = createCheckLog(check.name, context.logger, options.redactor);
    const run = async ({ signal, abandoned }: RunSignals): Promise<ReadResult> =>
      readCheckResult(await check.run(signal, { abandoned }), options.redactor);
    this.#shared = createSharedRun(run, {
      clock: context.clock,
      ttlMs: options.cacheTtlMs,
      timeoutMs: this.#timeoutMs,
      abandonAfterMs: options.abandonAfterMs,
    });
  }

  fresh(nowMs: number): HealthCheck | null {
    const shared = this.#shared.fresh(nowMs);
    return shared === null ? null : this.#toReport(shared);
  }

  async get(): Promise<HealthCheck> {
    return this.#toReport(await this.#shared.get());
  }

  close(): void {
    this.#closed = true;
    this.#shared.close();
  }

  #toReport(shared: SharedResult<ReadResult>): HealthCheck {
    if (this.#report !== null && shared === this.#reported) return this.#report;
    const durationMs = Math.round(shared.durationMs);
    const result = this.#judge(shared.outcome, durationMs);
    if (!this.#closed) this.#log.record(result, shared.outcome);
    this.#reported = shared;
    this.#report = Object.freeze({
      status: result.status,
      message: result.message,
      duration_ms: durationMs,
      last_checked: new Date(shared.endedAtMs).toISOString(),
      criticality: this.#check.criticality,
      cached: shared.cached,
    });
    return this.#report;
  }

  #judge(outcome: RunOutcome<ReadResult>, durationMs: number): ReadResult {
    if (outcome.state === "done") return outcome.value;
    return {
      status: "unhealthy",
      message: this.#closed ? "closed" : this.#messageOf(outcome, durationMs),
    };
  }

  #messageOf(
    outcome: Exclude<RunOutcome<ReadResult>, { state: "done" }>,
    durationMs: number,
  ): string {
    if (outcome.state === "failed") return classifyFailure(outcome.error);
    return outcome.state === "timed_out"
      ? `timeout after ${this.#timeoutMs} ms`
      : `still running after ${durationMs} ms`;
  }
}

/** Has nothing to wait for: every answer judges anew, and answers within one millisecond share the object. */
class InstantCheckRunner implements CheckRunner {
  readonly name: string;
  readonly probes: readonly Probe[];
  readonly cached = false;
  readonly #check: InstantCheck;
  readonly #context: RunnerContext;
  #report: HealthCheck | null = null;

  constructor(check: InstantCheck, context: RunnerContext) {
    this.name = check.name;
    this.probes = check.probes;
    this.#check = check;
    this.#context = context;
  }

  fresh(_nowMs: number, timestamp: string): HealthCheck {
    const { status, message = null } = this.#check.run();
    const last = this.#report;
    if (last?.last_checked === timestamp && last.status === status && last.message === message)
      return last;
    const report = {
      status,
      message,
      duration_ms: 0,
      last_checked: timestamp,
      criticality: this.#check.criticality,
      cached: false,
    };
    this.#report = Object.freeze(report);
    return report;
  }

  async get(): Promise<HealthCheck> {
    return this.fresh(this.#context.clock.monotonicMs(), this.#context.timestamp());
  }

  close(): void {
    // It holds nothing.
  }
}
