import type { Clock, Logger } from "@tasker-observability/core";
import type { DeadLetterNotes } from "./dead-letter.js";
import type { HeldStep, HeldSteps } from "./held-steps.js";
import { type LaneItem, OutcomeLane } from "./outcome-lane.js";
import type { GivenBack } from "./step-message.js";
import { queuesOf, type Retry, type StepQueues } from "./step-queues.js";

/** What is to become of a message. */
export type Outcome =
  | { readonly kind: "archive" }
  /** `hasRun` false: the handler was never called, and the attempt is given back. */
  | { readonly kind: "retry"; readonly delayMs: number; readonly hasRun: boolean }
  /** This worker cannot run it: others may, after a while. `mark` is what its message is to carry; null leaves it as it is. */
  | { readonly kind: "give_back"; readonly delayMs: number; readonly mark: GivenBack | null }
  | { readonly kind: "dead_letter"; readonly notes: DeadLetterNotes }
  /** The message is somebody else's now. */
  | { readonly kind: "none" };

type OutcomeOf<Kind extends Outcome["kind"]> = Extract<Outcome, { readonly kind: Kind }>;

/** Writes outcomes in batches. What cannot be written, because the database is away, is kept and written later. */
export interface OutcomeWriter {
  /** Never throws and never waits; the step stays held until its outcome is written. */
  write(namespace: string, step: HeldStep, outcome: Outcome): void;
  /** Ends all trying; what is not written by now becomes visible again by itself. */
  close(): void;
}

export interface OutcomeWriterOptions {
  readonly queues: Pick<StepQueues, "archive" | "retry" | "deadLetter">;
  readonly held: HeldSteps;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told after every batch: there is room again. */
  readonly onWritten: () => void;
  /** Told of every message that becomes visible again so many milliseconds from now. */
  readonly onRetry: (queueName: string, delayMs: number) => void;
}

/** Each kind of outcome of each namespace goes its own way: a dead-letter queue that was dropped keeps nothing from being archived. */
interface Lanes {
  readonly archive: OutcomeLane<OutcomeOf<"archive">>;
  readonly retry: OutcomeLane<OutcomeOf<"retry" | "give_back">>;
  readonly deadLetter: OutcomeLane<OutcomeOf<"dead_letter">>;
}

export function createOutcomeWriter(options: OutcomeWriterOptions): OutcomeWriter {
  const { held } = options;
  const lanesByNamespace = new Map<string, Lanes>();
  const lanesOf = (namespace: string): Lanes => {
    const lanes = lanesByNamespace.get(namespace) ?? createLanes(namespace, options);
    lanesByNamespace.set(namespace, lanes);
    return lanes;
  };
  return Object.freeze({
    write(namespace: string, step: HeldStep, outcome: Outcome) {
      held.settle(step);
      if (outcome.kind === "none") held.release(step);
      else add(lanesOf(namespace), step, outcome);
    },
    close() {
      for (const { archive, retry, deadLetter } of lanesByNamespace.values())
        for (const lane of [archive, retry, deadLetter]) lane.close();
    },
  });
}

function add(lanes: Lanes, step: HeldStep, outcome: Exclude<Outcome, { kind: "none" }>): void {
  if (outcome.kind === "archive") lanes.archive.add({ step, value: outcome });
  else if (outcome.kind === "dead_letter") lanes.deadLetter.add({ step, value: outcome });
  else lanes.retry.add({ step, value: outcome });
}

function toRetry({ step, value }: LaneItem<OutcomeOf<"retry" | "give_back">>): Retry {
  const hasRun = value.kind === "retry" && value.hasRun;
  return {
    fence: step.fence,
    delayMs: value.delayMs,
    givenBack: step.reclaims + (hasRun ? 0 : 1),
    mark: value.kind === "give_back" ? value.mark : null,
  };
}

function createLanes(
  namespace: string,
  { queues, held, clock, logger, onWritten, onRetry }: OutcomeWriterOptions,
): Lanes {
  const { steps, deadLetters } = queuesOf(namespace);
  const settled = (items: readonly { readonly step: HeldStep }[]): void => {
    for (const { step } of items) held.release(step);
    onWritten();
  };
  return {
    archive: new OutcomeLane({
      what: "completions",
      write: (items) =>
        queues.archive(
          steps,
          items.map(({ step }) => step.claim),
        ),
      onWritten: settled,
      clock,
      logger,
    }),
    retry: new OutcomeLane({
      what: "retries",
      write: (items) => queues.retry(steps, items.map(toRetry)),
      onWritten(items) {
        // A step that was given back is for others to find first: this worker only polls for it.
        for (const { value } of items) if (value.kind === "retry") onRetry(steps, value.delayMs);
        settled(items);
      },
      clock,
      logger,
    }),
    deadLetter: new OutcomeLane({
      what: "dead letters",
      write: (items) =>
        queues.deadLetter(
          steps,
          deadLetters,
          items.map(({ step, value }) => ({ claim: step.claim, notes: value.notes })),
        ),
      onWritten: settled,
      clock,
      logger,
    }),
  };
}
