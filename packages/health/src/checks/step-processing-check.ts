import type { StepStatistics } from "@tasker-observability/core";
import { type CheckOptions, type CheckResult, detailedProbe, type SharedCheck } from "./check.js";

/** When errors count as too many. */
export interface ErrorRateThresholds {
  /** Steps within the window below which no rate is judged. @default 20 */
  readonly minSamples?: number | undefined;
  /** Fraction of failed steps from which the check is degraded. @default 0.05 */
  readonly degraded?: number | undefined;
  /** Fraction of failed steps from which the check is unhealthy. @default 0.15 */
  readonly unhealthy?: number | undefined;
}

/** Options of {@link createStepProcessingCheck}. */
export interface StepProcessingCheckOptions extends CheckOptions, ErrorRateThresholds {
  readonly steps: Pick<StepStatistics, "window">;
}

/** Judges the error rate of the attempts that ended within the sliding window; retried attempts are errors. */
export function createStepProcessingCheck(options: StepProcessingCheckOptions): SharedCheck {
  const {
    steps,
    criticality = "optional",
    minSamples = 20,
    degraded = 0.05,
    unhealthy = 0.15,
  } = options;
  return {
    name: "step_processing",
    criticality,
    probes: detailedProbe,
    cached: true,
    run(): CheckResult {
      const { samples, errors, window_seconds: windowSeconds } = steps.window();
      const judge = (): CheckResult["status"] => {
        if (samples === 0 || samples < minSamples) return "healthy";
        const rate = errors / samples;
        return rate >= unhealthy ? "unhealthy" : rate >= degraded ? "degraded" : "healthy";
      };
      return {
        status: judge(),
        message: `${errors} of ${samples} steps failed in the last ${windowSeconds} s`,
      };
    },
  };
}
