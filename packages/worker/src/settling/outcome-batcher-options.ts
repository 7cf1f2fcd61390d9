import type { Clock, Logger } from "@tasker-observability/core";
import type { InFlightStep } from "../claiming/in-flight-steps.js";

/** A step and what is to be written of it. */
export interface BatchItem<Value> {
  readonly step: InFlightStep;
  readonly value: Value;
}

export interface OutcomeBatcherOptions<Value> {
  /** For the log. */
  readonly what: string;
  readonly queueName: string;
  /** Waited for before each `write`. Never rejects. */
  readonly prepareWrite: (steps: readonly InFlightStep[]) => Promise<void>;
  /** One transaction: all or nothing, but for what is not ours any more. @returns what it wrote. */
  readonly write: (items: readonly BatchItem<Value>[]) => Promise<readonly BatchItem<Value>[]>;
  /** As `write`, for one that was refused: in whatever form the database takes it. */
  readonly writeAlone: (item: BatchItem<Value>) => Promise<readonly BatchItem<Value>[]>;
  /** Of those that are not ours any more, which an earlier `write` wrote, of which no answer came. */
  readonly findWritten: (
    items: readonly BatchItem<Value>[],
  ) => Promise<readonly BatchItem<Value>[]>;
  /** Characters that a value takes of a statement, where they are many. */
  readonly sizeOf: (value: Value) => number;
  readonly onWritten: (items: readonly BatchItem<Value>[]) => void;
  /** Told of what will never be written: another worker has the message, or it is gone. */
  readonly onLost: (items: readonly BatchItem<Value>[]) => void;
  /** From then on `refusal()` has something to tell, until `onRecovered`. */
  readonly onRefused: () => void;
  readonly onRecovered: () => void;
  /** Waits for a claim that is under way on the queue, if any. Never rejects. */
  readonly whenClaimed: () => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Outcomes of one kind that one queue does not take at present. */
export interface BatcherRefusal {
  /** How many outcomes wait because of it. */
  readonly waiting: number;
  /** Milliseconds since it began, or since an outcome of the same batcher was written. */
  readonly forMs: number;
  /** What the last refusal threw. */
  readonly error: unknown;
}
