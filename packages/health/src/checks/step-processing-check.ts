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

/** Judges the error rate of the attempts that ended within the sliding window; retried attempts are errors. Steps that went back without running degrade it. */
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
      const { samples, errors, given_back: givenBack, window_seconds } = steps.window();
      const judge = (): CheckResult["status"] => {
        const rate = samples === 0 || samples < minSamples ? 0 : errors / samples;
        if (rate >= unhealthy) return "unhealthy";
        return rate >= degraded || givenBack > 0 ? "degraded" : "healthy";
      };
      return {
        status: judge(),
        message: `${errors} of ${samples} steps failed in the last ${window_seconds} s${givenBackText(givenBack)}`,
      };
    },
  };
}

function givenBackText(count: number): string {
  return count === 0
    ? ""
    : `; ${count} times one was given back without running: this worker cannot run it, its log says why`;
}
