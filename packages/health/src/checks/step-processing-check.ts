import type { StepStatistics } from "@tasker-observability/core";
import { numberOption, objectLike, parseOptions } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import {
  amountOption,
  checkOptions,
  type CheckResult,
  detailedProbe,
  type SharedCheck,
} from "./check.js";

export const errorRateThresholds = z.strictObject({
  /** With fewer steps in the window, the rate is ignored. @default 20 */
  minSamples: z._default(amountOption("steps"), 20),
  /** Fraction of failed steps from which the check is degraded. @default 0.05 */
  degraded: z._default(numberOption(0, 1), 0.05),
  /** Fraction of failed steps from which the check is unhealthy. @default 0.15 */
  unhealthy: z._default(numberOption(0, 1), 0.15),
});
/** The thresholds of the error rate. */
export type ErrorRateThresholds = z.input<typeof errorRateThresholds>;

const stepProcessingCheckOptions = z.strictObject({
  /** The steps of the worker over a sliding window. */
  steps: objectLike<Pick<StepStatistics, "window">>({
    name: "StepStatistics",
    methods: ["window"],
  }),
  ...checkOptions.shape,
  ...errorRateThresholds.shape,
});
/** Options of {@link createStepProcessingCheck}. */
export type StepProcessingCheckOptions = z.input<typeof stepProcessingCheckOptions>;

/** Evaluates the error rate of the attempts that ended within the sliding window; retried attempts are errors. Steps that went back without running degrade it. */
export function createStepProcessingCheck(options: StepProcessingCheckOptions): SharedCheck {
  const {
    steps,
    criticality = "optional",
    minSamples,
    degraded,
    unhealthy,
  } = parseOptions("createStepProcessingCheck", stepProcessingCheckOptions, options);
  return {
    name: "step_processing",
    criticality,
    probes: detailedProbe,
    cached: true,
    run(): CheckResult {
      const { samples, errors, released, window_seconds } = steps.window();
      const evaluate = (): CheckResult["status"] => {
        const rate = samples === 0 || samples < minSamples ? 0 : errors / samples;
        if (rate >= unhealthy) return "unhealthy";
        return rate >= degraded || released > 0 ? "degraded" : "healthy";
      };
      return {
        status: evaluate(),
        message: `${errors} of ${samples} steps failed in the last ${window_seconds} s${releasedText(released)}`,
      };
    },
  };
}

function releasedText(count: number): string {
  return count === 0
    ? ""
    : `; ${count} times one was given back without running: this worker cannot run it, its log says why`;
}
