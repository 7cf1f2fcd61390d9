import type { Clock, Logger } from "@tasker-observability/core";
import type { InFlightStep } from "../claiming/in-flight-steps.js";

/** A step and its outcome. */
export interface BatchItem<Value> {
  readonly step: InFlightStep;
  readonly value: Value;
}

export interface OutcomeBatcherOptions<Value> {
  /** For the log. */
  readonly outcomesLabel: string;
  readonly queueName: string;
  /** Runs before each `write`. Never rejects. */
  readonly beforeWrite: (steps: readonly InFlightStep[]) => Promise<void>;
  /** Writes in one transaction, all or nothing; skips what is no longer ours. @returns what it wrote. */
  readonly write: (items: readonly BatchItem<Value>[]) => Promise<readonly BatchItem<Value>[]>;
  /** Writes one item that was refused, in whatever form the database takes. */
  readonly writeOne: (item: BatchItem<Value>) => Promise<readonly BatchItem<Value>[]>;
  /** Finds what an earlier `write` has written whose commit got no answer. */
  readonly findWritten: (
    items: readonly BatchItem<Value>[],
  ) => Promise<readonly BatchItem<Value>[]>;
  /** Characters that a value adds to a statement. */
  readonly sizeOf: (value: Value) => number;
  readonly onWritten: (items: readonly BatchItem<Value>[]) => void;
  /** Called with what will never be written: another worker has the message, or it is gone. */
  readonly onLost: (items: readonly BatchItem<Value>[]) => void;
  /** Called when a refusal begins; `onRecovered` ends it. */
  readonly onRefused: () => void;
  readonly onRecovered: () => void;
  /** Resolves when no claim or renewal that is under way on the queue may change a fence. Never rejects. */
  readonly waitForFenceChanges: () => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Outcomes of one kind that one queue refuses at present. */
export interface BatcherRefusal {
  /** How many outcomes wait because of it. */
  readonly waiting: number;
  /** Milliseconds since it began, or since an outcome of the same batcher was written. */
  readonly durationMs: number;
  /** What the last refusal threw. */
  readonly error: unknown;
}
