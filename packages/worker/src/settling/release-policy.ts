import {
  type Clock,
  createRateLimitedLog,
  type ReleaseReason,
  type Logger,
} from "@tasker-observability/core";
import { type FailureReason, toFailureReason } from "./dead-letter.js";
import {
  type ClaimedMessage,
  firstReleasedAtMs,
  type FirstRelease,
} from "../queues/step-message.js";
import type { StepNotRunnableError } from "./step-not-runnable-error.js";

export interface ReleasePolicyOptions {
  /** Seconds after its first release from which a step that no worker could run becomes a dead letter; 0: at once. */
  readonly limitSeconds: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** From 0 to 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** What happens to a step that this worker cannot run. */
export type ReleaseDecision =
  | {
      readonly kind: "released";
      readonly delayMs: number;
      /** What to add to the message; null when the message has it. */
      readonly firstRelease: FirstRelease | null;
    }
  | { readonly kind: "expired"; readonly reason: FailureReason };

/** Decides between releasing a step and dead-lettering it, and logs each cause once a minute. */
export interface ReleasePolicy {
  /**
   * @param lastCompletedAtMs - answers when a worker last completed such a step, by the database's clock; called only when the
   * time of this one is over. While it rejects, the step is released.
   */
  decide(
    claim: ClaimedMessage,
    error: StepNotRunnableError,
    lastCompletedAtMs?: (withinSeconds: number) => Promise<number | null>,
  ): ReleaseDecision | Promise<ReleaseDecision>;
}

/** Milliseconds. A delay is a quarter of the time since the first release: it grows, and no count of releases has to be kept. */
const delaysMs = { min: 500, max: 30_000 };

export function createReleasePolicy(options: ReleasePolicyOptions): ReleasePolicy {
  const { limitSeconds, random = Math.random } = options;
  const log = createReleaseLog(options);
  return Object.freeze({
    decide(
      claim: ClaimedMessage,
      error: StepNotRunnableError,
      lastCompletedAtMs?: (withinSeconds: number) => Promise<number | null>,
    ): ReleaseDecision | Promise<ReleaseDecision> {
      const nowMs = databaseTimeMs(claim);
      const firstReleaseAtMs = firstReleasedAtMs(claim, nowMs);
      const elapsedMs = nowMs - (firstReleaseAtMs ?? nowMs);
      const release = (leftMs: number): ReleaseDecision => {
        log(claim, error);
        const delayMs = Math.min(jittered(elapsedMs, random), leftMs);
        return {
          kind: "released",
          delayMs,
          firstRelease: firstReleaseAtMs === null ? toFirstRelease(claim, nowMs) : null,
        };
      };
      const limitMs = isBounded(error.code) ? limitSeconds * 1_000 : Number.POSITIVE_INFINITY;
      if (elapsedMs < limitMs) return release(limitMs - elapsedMs);
      if (limitMs === 0 || lastCompletedAtMs === undefined)
        return toDeadLetter(error, limitSeconds);
      return lastCompletedAtMs(limitSeconds).then(
        (ranAtMs) => {
          const leftMs = limitMs - (nowMs - (ranAtMs ?? Number.NEGATIVE_INFINITY));
          return leftMs > 0 ? release(leftMs) : toDeadLetter(error, limitSeconds);
        },
        () => release(limitMs),
      );
    },
  });
}

function toDeadLetter(
  { code, message }: StepNotRunnableError,
  limitSeconds: number,
): ReleaseDecision {
  const reason = toFailureReason({ code, message: `${message} ${adviceOf(limitSeconds)}` });
  return { kind: "expired", reason };
}

/** An hour without templates must not turn everything into dead letters. */
function isBounded(code: ReleaseReason): boolean {
  return code !== "template_source_unavailable";
}

/** Between half the delay and all of it, so that steps that came together do not return together. */
function jittered(elapsedMs: number, random: () => number): number {
  const delayMs = Math.min(Math.max(elapsedMs / 4, delaysMs.min), delaysMs.max);
  return Math.round(delayMs * (0.5 + random() / 2));
}

function adviceOf(limitSeconds: number): string {
  const tried =
    limitSeconds === 0
      ? ""
      : `No worker that claimed the step within ${limitSeconds} s could run it. `;
  return `${tried}Deploy a worker that has what is missing, then retry this dead letter.`;
}

function toFirstRelease({ readCount }: ClaimedMessage, nowMs: number): FirstRelease {
  return { first_at: new Date(nowMs).toISOString(), attempts: readCount - 1 };
}

/** When the message was claimed, in milliseconds since 1970 by the database's clock. */
function databaseTimeMs({ enqueuedAtMicros, ageMs }: ClaimedMessage): number {
  return Number(enqueuedAtMicros) / 1_000 + ageMs;
}

function createReleaseLog(
  options: ReleasePolicyOptions,
): (claim: ClaimedMessage, error: StepNotRunnableError) => void {
  const log = createRateLimitedLog(options);
  return ({ queueName, messageId }, error) => {
    log(`${queueName} ${error.code} ${error.message}`, {
      level: "warn",
      message: "step given back: this worker cannot run it now",
      fields: { queue: queueName, message_id: messageId, reason: error.code, error },
    });
  };
}
