import type { ClaimedMessage } from "../queues/step-message.js";

/** A message as a claim gives it. */
export function claimedMessage(fields: Partial<ClaimedMessage> = {}): ClaimedMessage {
  return {
    queueName: "payments_queue",
    messageId: "7",
    enqueuedAtMicros: "0",
    readCount: 1,
    visibleAtMicros: "0",
    ageMs: 0,
    body: {},
    headers: null,
    inexact: [],
    ...fields,
  };
}

/** The claim of a message by its number. */
export const claimOf = (messageId: string, queueName = "payments_queue"): ClaimedMessage =>
  claimedMessage({ messageId, queueName });
