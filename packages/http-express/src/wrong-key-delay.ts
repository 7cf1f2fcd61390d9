import type { ServerResponse } from "node:http";
import type { Clock } from "@tasker-observability/core";

/** Wrong keys a minute that are answered at once: a script with an old key is no attack. */
const freePerMinute = 20;
/** Milliseconds that each further one waits for its answer. */
const delayMs = 500;
/** How many answers may wait at a time. */
export const maxWaitingAnswers = 32;

/** Answers a request with a wrong key. */
type AnswerWrongKey = (how: { readonly closes: boolean }) => void;

/**
 * Slows callers that guess keys: beyond {@link freePerMinute}, a wrong key waits for its answer. A right key never waits.
 * If too many wait already, the answer comes at once and closes the connection, so that a guess costs a new one.
 */
export class WrongKeyDelay {
  readonly #clock: Clock;
  readonly #maxWaiting: number;
  #free = freePerMinute;
  #refilledAtMs: number;
  #waiting = 0;

  constructor(clock: Clock, maxWaiting: number) {
    this.#clock = clock;
    this.#maxWaiting = maxWaiting;
    this.#refilledAtMs = clock.monotonicMs();
  }

  /** @param answer - called now or later; not at all if the client leaves meanwhile. */
  delay(response: ServerResponse, answer: AnswerWrongKey): void {
    this.#refill();
    if (this.#free >= 1) {
      this.#free -= 1;
      answer({ closes: false });
    } else if (this.#waiting >= this.#maxWaiting) answer({ closes: true });
    else this.#answerLater(response, answer);
  }

  #refill(): void {
    const nowMs = this.#clock.monotonicMs();
    const earned = ((nowMs - this.#refilledAtMs) / 60_000) * freePerMinute;
    this.#free = Math.min(freePerMinute, this.#free + earned);
    this.#refilledAtMs = nowMs;
  }

  #answerLater(response: ServerResponse, answer: AnswerWrongKey): void {
    this.#waiting += 1;
    const stopWaiting = (): void => {
      cancel();
      response.off("close", stopWaiting);
      this.#waiting -= 1;
    };
    const cancel = this.#clock.after(delayMs, () => {
      stopWaiting();
      answer({ closes: false });
    });
    response.once("close", stopWaiting);
  }
}
