import type { ClaimedMessage, StepMessage } from "../queues/step-message.js";
import type { StepInfo } from "./step-handler.js";

/** What a handler receives about its step. */
export function toStepInfo(
  message: StepMessage,
  { readCount, headers, enqueuedAtMicros }: ClaimedMessage,
  maxAttempts: number,
): StepInfo {
  return {
    step_id: message.step_id,
    step_name: message.step_name,
    template: message.template,
    attempt: readCount,
    max_attempts: maxAttempts,
    enqueued_at: message.enqueued_at ?? new Date(Number(enqueuedAtMicros) / 1_000).toISOString(),
    headers: isRecord(headers) ? headers : null,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
