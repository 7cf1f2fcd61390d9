import type { HealthStatus } from "@tasker-observability/core";
import { numberOption } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { type Criticality, criticalitySchema } from "../schemas/health-check.js";

/** What a check found. */
export interface CheckResult {
  /** `degraded` never makes a worker unready. */
  readonly status: HealthStatus;
  /** Why, for a person. Every caller of the probes can read it: no host, user, password or SQL. @default null */
  readonly message?: string | null | undefined;
}

/** The probes that run a check: `detailed` runs all, `ready` those that decide whether the worker may get work. */
export type Probe = "ready" | "detailed";

/** What a run gets besides its signal. */
export interface CheckRun {
  /** Aborted when the run is abandoned, long after `signal`: release its resources. */
  readonly abandoned: AbortSignal;
}

interface CheckFacts {
  readonly name: string;
  readonly criticality: Criticality;
  readonly probes: readonly Probe[];
  /** How long a run may take, in milliseconds. @default 900 if `probes` has `ready`, else 2000 */
  readonly timeoutMs?: number | undefined;
}

/** A check whose result serves all callers within the time-to-live. */
export interface SharedCheck extends CheckFacts {
  /** The result is shared between callers. */
  readonly cached: true;
  /** Milliseconds for which the result is reused. @default the service's `cacheTtlMs` */
  readonly cacheTtlMs?: number | undefined;
  /** Measures and evaluates; returning nothing is healthy. The runner handles time-outs, errors and caching. @param signal - aborted at the time-out. */
  run(
    signal: AbortSignal,
    run: CheckRun,
  ): CheckResult | undefined | Promise<CheckResult | undefined>;
}

/** A check that only reads memory and runs for every answer. */
export interface InstantCheck extends CheckFacts {
  /** Every answer runs it again. */
  readonly cached: false;
  /** Evaluates values in memory. Must not block. */
  run(): CheckResult;
}

/** A check of either kind. */
export type Check = SharedCheck | InstantCheck;

export const checkOptions = z.strictObject({
  /** Whether the check alone can make the worker unhealthy. @default by check */
  criticality: z.optional(criticalitySchema),
});
/** What is configurable in every built-in check. */
export type CheckOptions = z.input<typeof checkOptions>;

/** An amount that a setting of a check compares with. */
export function amountOption(unit: string): z.ZodMiniNumber<number> {
  return numberOption(0, Number.MAX_SAFE_INTEGER, { unit });
}

export const readinessProbes: readonly Probe[] = Object.freeze(["ready", "detailed"] as const);
export const detailedProbe: readonly Probe[] = Object.freeze(["detailed"] as const);
