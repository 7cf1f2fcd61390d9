import type { OutcomeQueues } from "./outcome-queues.js";
import type { Breaker } from "./breaker.js";

/** Has a breaker stand before the writing of outcomes, so that a database in trouble is left alone for a while. */
export function guardOutcomes(queues: OutcomeQueues, breaker: Breaker): OutcomeQueues {
  return Object.freeze({
    write: (...call: Parameters<OutcomeQueues["write"]>) =>
      breaker.execute(() => queues.write(...call)),
    writeAlone: (...call: Parameters<OutcomeQueues["writeAlone"]>) =>
      breaker.execute(() => queues.writeAlone(...call)),
    findWritten: (...call: Parameters<OutcomeQueues["findWritten"]>) =>
      breaker.execute(() => queues.findWritten(...call)),
  });
}
