import {
  type Awaitable,
  createSharedRun,
  PortAnswerError,
  type RunState,
  type RunSignals,
  type SharedResult,
  type SharedRun,
  type WorkerContext,
} from "@tasker-observability/core";
import { classifyFailure } from "@tasker-observability/postgres";
import type { Redactor } from "@tasker-observability/redact";
import { createCheckLog, type CheckLog } from "./check-log.js";
import { type ReadResult, readCheckResult } from "./check-result.js";
import type { Check, InstantCheck, Probe, SharedCheck } from "./checks/check.js";
import type { HealthCheck } from "./schemas/health-check.js";

/** What all runners of one service share. */
export interface RunnerOptions {
  readonly redactor: Pick<Redactor, "text" | "error">;
  /** Milliseconds for which the result of a run is reused, if its check sets no value. */
  readonly cacheTtlMs: number;
  /** Milliseconds after which a run that hangs is abandoned and a new one may start. */
  readonly abandonAfterMs: number;
  /** Milliseconds for checks that set no value. @default 900 for readiness checks, 2000 for the others */
  readonly checkTimeoutMs?: number | undefined;
}

/** The current time, read once for all checks of an answer. */
export interface Instant {
  /** Milliseconds from an arbitrary start that never go back. */
  readonly monotonicMs: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly timestamp: string;
}

interface RunnerFacts {
  readonly name: string;
  readonly probes: readonly Probe[];
  close(): void;
}

/** A check with its time-out, its cache and its current run. */
export interface CachedCheckRunner extends RunnerFacts {
  readonly cached: true;
  /** The report while it is fresh (the same object until there is a new one), else that of the current or a new run. Never rejects. */
  get(now: Instant): Awaitable<HealthCheck>;
}

/** A check that runs for every answer, synchronously. */
export interface UncachedCheckRunner extends RunnerFacts {
  readonly cached: false;
  /** The report; within one millisecond the same object, while its content is the same. */
  get(now: Instant): HealthCheck;
}

export type CheckRunner = CachedCheckRunner | UncachedCheckRunner;

type RunnerContext = Pick<WorkerContext, "clock" | "logger">;

/** Makes a check safe to run: it answers within its time-out, whatever it does. */
export function createCheckRunner(
  check: Check,
  context: RunnerContext,
  options: RunnerOptions,
): CheckRunner {
  return check.cached
    ? new SharedCheckRunner(check, context, options)
    : new InstantCheckRunner(check);
}

class SharedCheckRunner implements CachedCheckRunner {
  readonly name: string;
  readonly probes: readonly Probe[];
  readonly cached = true as const;
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
      ttlMs: check.cacheTtlMs ?? options.cacheTtlMs,
      timeoutMs: this.#timeoutMs,
      abandonAfterMs: options.abandonAfterMs,
    });
  }

  get({ monotonicMs }: Instant): Awaitable<HealthCheck> {
    const shared = this.#shared.get(monotonicMs);
    return shared instanceof Promise
      ? shared.then((result) => this.#toReport(result))
      : this.#toReport(shared);
  }

  close(): void {
    this.#closed = true;
    this.#shared.close();
  }

  #toReport(shared: SharedResult<ReadResult>): HealthCheck {
    if (this.#report !== null && shared === this.#reported) return this.#report;
    const durationMs = Math.round(shared.durationMs);
    const result = this.#evaluate(shared.run, durationMs);
    if (!this.#closed) this.#log.record(result, shared.run);
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

  #evaluate(outcome: RunState<ReadResult>, durationMs: number): ReadResult {
    if (outcome.state === "done") return outcome.value;
    return {
      status: "unhealthy",
      message: this.#closed ? "closed" : this.#messageOf(outcome, durationMs),
    };
  }

  #messageOf(
    outcome: Exclude<RunState<ReadResult>, { state: "done" }>,
    durationMs: number,
  ): string {
    if (outcome.state === "failed")
      return outcome.error instanceof PortAnswerError
        ? outcome.error.message
        : classifyFailure(outcome.error);
    return outcome.state === "timed_out"
      ? `timeout after ${this.#timeoutMs} ms`
      : `still running after ${durationMs} ms`;
  }
}

class InstantCheckRunner implements UncachedCheckRunner {
  readonly name: string;
  readonly probes: readonly Probe[];
  readonly cached = false as const;
  readonly #check: InstantCheck;
  #latest: HealthCheck | null = null;

  constructor(check: InstantCheck) {
    this.name = check.name;
    this.probes = check.probes;
    this.#check = check;
  }

  get({ timestamp }: Instant): HealthCheck {
    const { status, message = null } = this.#check.run();
    const latest = this.#latest;
    if (
      latest?.last_checked === timestamp &&
      latest.status === status &&
      latest.message === message
    )
      return latest;
    this.#latest = Object.freeze({
      status,
      message,
      duration_ms: 0,
      last_checked: timestamp,
      criticality: this.#check.criticality,
      cached: false,
    });
    return this.#latest;
  }

  close(): void {
    // It has no resources to release.
  }
}
