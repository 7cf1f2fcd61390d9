import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type {
  Awaitable,
  FleetWorker,
  HealthStatus,
  WorkerContext,
} from "@tasker-observability/core";
import { classifyFailure } from "@tasker-observability/postgres";
import type { FleetReport, FleetStore } from "./fleet-store.js";
import { packageVersion } from "./version.js";

/** What the reporter asks of health: a HealthService answers it. */
export interface ReadinessSource {
  /** The readiness checks, each with what it found. */
  readiness(): Awaitable<{
    readonly status: HealthStatus;
    readonly checks: Readonly<
      Record<
        string,
        { readonly status: HealthStatus; readonly message?: string | null | undefined }
      >
    >;
  }>;
}

/** Whom to report, and where. */
export interface FleetReporterOptions {
  readonly store: FleetStore;
  readonly context: WorkerContext;
  readonly health: ReadinessSource;
  /** Where the worker answers HTTP now; null where it does not. */
  readonly url: () => string | null;
}

/** Reports one worker until it stops. */
export interface FleetReporter {
  /** Reports the worker from now on. Resolves once it has tried to for the first time. Never rejects. */
  start(): Promise<void>;
  /** Removes the worker from the fleet. Never rejects. */
  stop(): Promise<void>;
}

/** Milliseconds between two reports. */
export const reportIntervalMs = 10_000;
/** Milliseconds between two looks at the worker's state, of which a change is reported at once. */
const lookIntervalMs = 1_000;
/** Milliseconds until the next try where the role lacks a right: somebody must grant it first. */
const refusedIntervalMs = 300_000;
/** Milliseconds for which a healthy worker's readiness is reported again without asking. */
const healthyIntervalMs = 60_000;
/** Milliseconds between two searches for workers that are gone. */
const forgetIntervalMs = 3_600_000;
/** Characters: a report fits its row. */
const maxMessageLength = 200;

type Readiness = Awaited<ReturnType<ReadinessSource["readiness"]>>;

const notAsked = { status: "unhealthy", checks: {} } as const;

/** A worker whose reports fail works on: one log line says why. */
export function createFleetReporter(options: FleetReporterOptions): FleetReporter {
  return new Reporter(options);
}

class Reporter implements FleetReporter {
  readonly #options: FleetReporterOptions;
  readonly #instanceId = randomUUID();
  readonly #lag = monitorEventLoopDelay({ resolution: 20 });
  #cancel: (() => void) | null = null;
  #underWay: Promise<void> = Promise.resolve();
  #isStopped = false;
  #reported: { readonly state: string; readonly nextMs: number } | null = null;
  #preparedUntilMs = Number.NEGATIVE_INFINITY;
  #failure: string | null = null;
  #lastAnswer: {
    readonly state: string;
    readonly readiness: Readiness;
    readonly freshUntilMs: number;
  } | null = null;

  constructor(options: FleetReporterOptions) {
    this.#options = options;
  }

  start(): Promise<void> {
    this.#lag.enable();
    this.#look();
    return this.#underWay;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    this.#lag.disable();
    await this.#underWay;
    if (this.#reported === null) return;
    await this.#options.store.remove(this.#instanceId).catch((error: unknown) => {
      this.#logFailure("this worker could not be removed from the fleet: it is soon lost", error);
    });
  }

  #look(): void {
    this.#underWay = this.#reportIfDue().finally(() => {
      if (this.#isStopped) return;
      this.#cancel = this.#options.context.clock.after(lookIntervalMs, () => this.#look());
    });
  }

  async #reportIfDue(): Promise<void> {
    const { store, context } = this.#options;
    const nowMs = context.clock.monotonicMs();
    const state = this.#state();
    const isDue = nowMs >= (this.#reported?.nextMs ?? Number.NEGATIVE_INFINITY);
    if (state === null || (!isDue && (this.#failure !== null || state === this.#reported?.state)))
      return;
    try {
      if (nowMs >= this.#preparedUntilMs) {
        await store.prepare();
        this.#preparedUntilMs = nowMs + forgetIntervalMs;
      }
      await store.report(await this.#describe(state));
      this.#failure = null;
      this.#reported = { state, nextMs: nowMs + reportIntervalMs };
    } catch (error) {
      const kind = classifyFailure(error);
      if (kind !== this.#failure)
        this.#logFailure("this worker cannot report itself to the fleet, and works on", error);
      this.#failure = kind;
      this.#preparedUntilMs = Number.NEGATIVE_INFINITY;
      const waitMs = kind === "permission_denied" ? refusedIntervalMs : reportIntervalMs;
      this.#reported = { state, nextMs: nowMs + waitMs };
    }
  }

  /** Null while there is nothing to report. */
  #state(): FleetReport["state"] | null {
    const { lifecycle, ports } = this.#options.context;
    const current = lifecycle.current();
    if (current === "created" || current === "stopped") return null;
    return current === "running" && ports.commandProcessor?.state() === "paused"
      ? "paused"
      : current;
  }

  async #describe(state: FleetReport["state"]): Promise<FleetReport> {
    const { context, url } = this.#options;
    const { identity, steps, ports, clock, startedAtMs } = context;
    const { status, checks } = await this.#readiness(state);
    const { samples, errors, window_seconds } = steps.window();
    const seconds = Math.min(window_seconds, Math.max(1, context.uptimeSeconds()));
    const lagMs = this.#lag.max / 1e6;
    this.#lag.reset();
    return {
      instance_id: this.#instanceId,
      worker_id: identity.workerId,
      worker_type: identity.workerType,
      version: identity.version,
      observability_version: packageVersion,
      host: hostname(),
      pid: process.pid,
      namespaces: identity.namespaces,
      state,
      status,
      checks: toReportedChecks(checks),
      slots: ports.commandProcessor?.slots() ?? null,
      steps_per_second: samples / seconds,
      failed_per_second: errors / seconds,
      event_loop_lag_ms: Math.max(0, Math.round(lagMs * 10) / 10),
      rss_bytes: process.memoryUsage.rss(),
      url: url(),
      uptime_ms: clock.monotonicMs() - startedAtMs,
    };
  }

  /** What checks read may cost a database more than a report does: a healthy worker is asked once a minute. */
  async #readiness(state: FleetReport["state"]): Promise<Readiness> {
    // Asked while it starts, its checks would be remembered as they were then.
    if (state === "starting") return notAsked;
    const nowMs = this.#options.context.clock.monotonicMs();
    const last = this.#lastAnswer;
    if (last?.state === state && last.readiness.status === "healthy" && nowMs < last.freshUntilMs)
      return last.readiness;
    const readiness = await this.#options.health.readiness();
    this.#lastAnswer = { state, readiness, freshUntilMs: nowMs + healthyIntervalMs };
    return readiness;
  }

  #logFailure(message: string, error: unknown): void {
    this.#options.context.logger("warn", message, { error });
  }
}

function toReportedChecks(
  checks: Awaited<ReturnType<ReadinessSource["readiness"]>>["checks"],
): FleetWorker["checks"] {
  return Object.fromEntries(
    Object.entries(checks).map(([name, { status, message = null }]) => [
      name,
      { status, message: message?.slice(0, maxMessageLength) ?? null },
    ]),
  );
}
