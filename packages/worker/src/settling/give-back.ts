import {
  type Clock,
  createCauseLog,
  type GiveBackReason,
  type Logger,
} from "@tasker-observability/core";
import { type FailureReason, toFailureReason } from "./dead-letter.js";
import {
  type ClaimedMessage,
  firstGiveBackMs,
  type FirstGiveBack,
} from "../queues/step-message.js";
import type { StepNotRunnableError } from "./step-not-runnable-error.js";

export interface GiveBackOptions {
  /** Seconds after its first return from which a step that no worker could run is given up; 0: at once. */
  readonly limitSeconds: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** From 0 to 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** What happens to a step that this worker cannot run. */
export type GiveBackDecision =
  | {
      readonly kind: "given_back";
      readonly delayMs: number;
      /** What to add to the message; null when the message has it. */
      readonly firstGiveBack: FirstGiveBack | null;
    }
  | { readonly kind: "given_up"; readonly reason: FailureReason };

/** Decides between giving a step back and giving it up, and logs each cause once a minute. */
export interface GiveBacks {
  /**
   * @param lastCompletedMs - answers when a worker last completed such a step, by the database's clock; called only when the
   * time of this one is over. While it rejects, the step goes back.
   */
  decide(
    claim: ClaimedMessage,
    error: StepNotRunnableError,
    lastCompletedMs?: (withinSeconds: number) => Promise<number | null>,
  ): GiveBackDecision | Promise<GiveBackDecision>;
}

/** Milliseconds. A delay is a quarter of the time since the first return: it grows, and no count of returns has to be kept. */
const delaysMs = { shortest: 500, longest: 30_000 };

export function createGiveBacks(options: GiveBackOptions): GiveBacks {
  const { limitSeconds, random = Math.random } = options;
  const log = createGiveBackLog(options);
  return Object.freeze({
    decide(
      claim: ClaimedMessage,
      error: StepNotRunnableError,
      lastCompletedMs?: (withinSeconds: number) => Promise<number | null>,
    ): GiveBackDecision | Promise<GiveBackDecision> {
      const nowMs = databaseTimeMs(claim);
      const knownMs = firstGiveBackMs(claim, nowMs);
      const elapsedMs = nowMs - (knownMs ?? nowMs);
      const giveBack = (leftMs: number): GiveBackDecision => {
        log(claim, error);
        const delayMs = Math.min(jittered(elapsedMs, random), leftMs);
        return {
          kind: "given_back",
          delayMs,
          firstGiveBack: knownMs === null ? toFirstGiveBack(claim, nowMs) : null,
        };
      };
      const limitMs = isBounded(error.code) ? limitSeconds * 1_000 : Number.POSITIVE_INFINITY;
      if (elapsedMs < limitMs) return giveBack(limitMs - elapsedMs);
      if (limitMs === 0 || lastCompletedMs === undefined) return giveUp(error, limitSeconds);
      return lastCompletedMs(limitSeconds).then(
        (ranAtMs) => {
          const leftMs = limitMs - (nowMs - (ranAtMs ?? Number.NEGATIVE_INFINITY));
          return leftMs > 0 ? giveBack(leftMs) : giveUp(error, limitSeconds);
        },
        () => giveBack(limitMs),
      );
    },
  });
}

function giveUp({ code, message }: StepNotRunnableError, limitSeconds: number): GiveBackDecision {
  const reason = toFailureReason({ code, message: `${message} ${adviceOf(limitSeconds)}` });
  return { kind: "given_up", reason };
}

/** An hour without templates must not turn everything into dead letters. */
function isBounded(code: GiveBackReason): boolean {
  return code !== "template_source_unavailable";
}

/** Between half the delay and all of it, so that steps that came together do not return together. */
function jittered(elapsedMs: number, random: () => number): number {
  const delayMs = Math.min(Math.max(elapsedMs / 4, delaysMs.shortest), delaysMs.longest);
  return Math.round(delayMs * (0.5 + random() / 2));
}

function adviceOf(limitSeconds: number): string {
  const tried =
    limitSeconds === 0
      ? ""
      : `No worker that claimed the step within ${limitSeconds} s could run it. `;
  return `${tried}Deploy a worker that has what is missing, then retry this dead letter.`;
}

function toFirstGiveBack({ readCount }: ClaimedMessage, nowMs: number): FirstGiveBack {
  return { first_at: new Date(nowMs).toISOString(), attempts: readCount - 1 };
}

/** When the message was claimed, in milliseconds since 1970 by the database's clock. */
function databaseTimeMs({ enqueuedAtMicros, ageMs }: ClaimedMessage): number {
  return Number(enqueuedAtMicros) / 1_000 + ageMs;
}

function createGiveBackLog(
  options: GiveBackOptions,
): (claim: ClaimedMessage, error: StepNotRunnableError) => void {
  const log = createCauseLog(options);
  return ({ queueName, messageId }, error) => {
    log(`${queueName} ${error.code} ${error.message}`, {
      level: "warn",
      message: "step given back: this worker cannot run it now",
      fields: { queue: queueName, message_id: messageId, reason: error.code, error },
    });
  };
}
