import { createRedactor, type Redactor } from "@tasker-observability/redact";
import type { ClaimedMessage } from "../queues/step-message.js";
import { thrownMessage } from "./thrown-message.js";
import { readStringProperty } from "./read-string-property.js";

/** Why a step was dead-lettered. */
export interface FailureReason {
  /** `step_failed`, `step_timeout`, `unreadable_message`, `attempts_exhausted`, `template_not_found`, … */
  readonly code: string;
  /** With secrets taken out: dead letters are read by people. */
  readonly message: string;
}

/** What a dead letter contains beside `message`, the original message, which the database copies itself. */
export interface DeadLetterMetadata {
  readonly reason: FailureReason;
  readonly queue_name: string;
  readonly msg_id: string;
  readonly attempts: number;
  readonly worker_id: string;
  readonly dead_lettered_at: string;
}

const maxReasonCharacters = 2_000;
const defaultRedactor = createRedactor();

/**
 * The reason in anything thrown, with those behind it, as it may be kept. Never throws.
 *
 * @param redactor - knows the secrets of the configuration. @default one that knows none
 */
export function toFailureReason(
  error: unknown,
  redactor: Pick<Redactor, "text"> = defaultRedactor,
): FailureReason {
  const code = readStringProperty(error, "code");
  const message = thrownMessage(error) ?? "The step failed.";
  return {
    code: code !== null && /^\w{1,64}$/.test(code) ? code : "step_failed",
    // Redacted before it is shortened: half a secret would not be recognized.
    message: toStorable(shorten(redactor.text(message))),
  };
}

function shorten(text: string, end = "…"): string {
  return text.length > maxReasonCharacters
    ? `${text.slice(0, maxReasonCharacters - end.length)}${end}`
    : text;
}

/** jsonb takes neither NUL nor half a surrogate pair, and a reason must never keep a dead letter from being written. */
function toStorable(text: string): string {
  return text.replace(/\p{Surrogate}|\0/gu, "\uFFFD");
}

/**
 * The metadata in the forms to try, in this order: as they are, with only ASCII in the reason's message for a database of another
 * encoding, and without the message.
 */
export function metadataCandidates(metadata: DeadLetterMetadata): readonly DeadLetterMetadata[] {
  const { reason, worker_id: workerId } = metadata;
  const withTexts = (message: string, worker_id: string): DeadLetterMetadata => ({
    ...metadata,
    reason: { ...reason, message },
    worker_id,
  });
  return [
    metadata,
    withTexts(shorten(toAscii(reason.message), "..."), toAscii(workerId)),
    withTexts("The reason could not be written.", "unknown"),
  ];
}

/** `é` as `\u{e9}`. */
function toAscii(text: string): string {
  return text.replace(
    /[^\t\n\r -~]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

export function toDeadLetterMetadata(
  claim: ClaimedMessage,
  reason: FailureReason,
  by: { readonly workerId: string; readonly at: string },
): DeadLetterMetadata {
  return {
    reason,
    queue_name: claim.queueName,
    msg_id: claim.messageId,
    attempts: claim.readCount,
    worker_id: toStorable(by.workerId),
    dead_lettered_at: by.at,
  };
}
