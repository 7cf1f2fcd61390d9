import type { StepQueues } from "../steps/step-queues.js";
import type { Breaker } from "./breaker.js";

/** What writes outcomes. */
export type Completions = Pick<StepQueues, "archive" | "retry" | "deadLetter">;

/** Has a breaker stand before the writing of outcomes, so that a database in trouble is left alone for a while. */
export function guardCompletions(queues: Completions, breaker: Breaker): Completions {
  return Object.freeze({
    archive: (...call: Parameters<StepQueues["archive"]>) =>
      breaker.execute(() => queues.archive(...call)),
    retry: (...call: Parameters<StepQueues["retry"]>) =>
      breaker.execute(() => queues.retry(...call)),
    deadLetter: (...call: Parameters<StepQueues["deadLetter"]>) =>
      breaker.execute(() => queues.deadLetter(...call)),
  });
}
