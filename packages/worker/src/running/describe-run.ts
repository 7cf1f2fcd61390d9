import type { Clock } from "@tasker-observability/core";
import type { InFlightStep } from "../claiming/in-flight-steps.js";
import type { DescribeRun } from "../claiming/slots.js";
import type { StartedAttempt } from "./step-plan.js";

/** Makes what describes a handler while it runs. */
export function describerOf(
  { namespace, claim }: Pick<InFlightStep, "namespace" | "claim">,
  { plan: { timeoutMs }, step }: Pick<StartedAttempt, "plan" | "step">,
  clock: Pick<Clock, "wallMs">,
): DescribeRun {
  return (nowMs, deadlineMs) => {
    const runningMs = Math.max(0, nowMs - deadlineMs + timeoutMs);
    return {
      namespace,
      template: step.template.name,
      step: step.step_name,
      step_id: step.step_id,
      message_id: claim.messageId,
      attempt: step.attempt,
      max_attempts: step.max_attempts,
      started_at: new Date(clock.wallMs() - runningMs).toISOString(),
      running_ms: runningMs,
      timeout_ms: timeoutMs,
      is_overdue: nowMs > deadlineMs,
    };
  };
}
