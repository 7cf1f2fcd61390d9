import type { Clock, Logger, OutcomeRefusals, RefusedOutcomes } from "@tasker-observability/core";
import { metadataCandidates } from "./dead-letter.js";
import type { InFlightStep, InFlightSteps } from "../claiming/in-flight-steps.js";
import type { Outcome, WrittenOutcomeKind, WritableOutcome } from "./outcome.js";
import { OutcomeBatcher } from "./outcome-batcher.js";
import type { BatchItem } from "./outcome-batcher-options.js";
import type { EventRow } from "./event-row.js";
import type { OutcomeStore, OutcomeRow, OutcomeTarget } from "./outcome-store.js";
import { firstReleaseKey } from "../queues/step-message.js";
import type { VisibilityTimer } from "./visibility-timer.js";
import type { VisibilityRenewer } from "../claiming/visibility-renewer.js";
import type { Wakeup } from "../claiming/wakeup.js";
import { queuesOf } from "../queues/step-queues.js";

/** Writes outcomes in batches. Keeps what cannot be written while the database is away, and writes it later. */
export interface OutcomeWriter {
  /** Never throws and never waits. The step stays in flight until its outcome is written. */
  write(step: InFlightStep, outcome: Outcome): void;
  /** Null while no outcome is refused. */
  refusals(): OutcomeRefusals | null;
  /** How many outcomes wait that are refused: of one queue, or (no name) of all. */
  refusedSteps(queueName?: string): number;
  /** Writes nothing more; the messages of unwritten outcomes become visible again by themselves. */
  close(): void;
}

export interface OutcomeWriterOptions {
  readonly outcomeStore: OutcomeStore;
  readonly inFlight: InFlightSteps;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Retries failed renewals before an outcome is written. */
  readonly renewer: Pick<VisibilityRenewer, "retryFailedRenewals">;
  /** Notified after every batch, since there is room again, and of a queue that takes outcomes again. */
  readonly wakeup: Pick<Wakeup, "notify">;
  /** Called when steps were released to a queue, where other workers may claim them. @default none */
  readonly onReleased?: ((queueName: string) => void) | undefined;
  /** Is given every message that becomes visible again. */
  readonly visibilityTimer: Pick<VisibilityTimer, "schedule">;
}

type Item = BatchItem<WritableOutcome>;

/**
 * Each kind of outcome of each queue has a batcher of its own, and so have those with events: a dead-letter queue or an event
 * queue that refuses everything delays no other outcome.
 */
interface TargetBatcher {
  readonly label: RefusedOutcomes["outcome"];
  readonly queueName: string;
  readonly batcher: OutcomeBatcher<WritableOutcome>;
  writtenAtMs: number;
}

/** What health and the log call them. */
const labelOf = {
  completed: "completions",
  retried: "retries",
  dead_lettered: "dead letters",
} as const satisfies Record<WrittenOutcomeKind, string>;

export function createOutcomeWriter(options: OutcomeWriterOptions): OutcomeWriter {
  const { inFlight } = options;
  const batchers = new Map<string, TargetBatcher>();
  const refused = new Set<TargetBatcher>();
  const batcherOf = (namespace: string, value: WritableOutcome): TargetBatcher => {
    const kind = value.kind === "released" ? "retried" : value.kind;
    const label =
      `${labelOf[kind]}${rowsOfEvents(value).length > 0 ? " with events" : ""}` as const;
    const key = `${namespace} ${label}`;
    const batcher =
      batchers.get(key) ??
      createBatcher({ kind, label, queues: queuesOf(namespace) }, { ...options, refused });
    batchers.set(key, batcher);
    return batcher;
  };
  return Object.freeze({
    write(step: InFlightStep, outcome: Outcome) {
      inFlight.markDecided(step);
      if (outcome.kind === "claim_lost") inFlight.remove(step);
      else batcherOf(step.namespace, outcome).batcher.add({ step, value: outcome });
    },
    refusals: () => (refused.size === 0 ? null : refusalsIn([...batchers.values()], options.clock)),
    refusedSteps: (queueName?: string) =>
      [...refused]
        .filter((batcher) => queueName === undefined || batcher.queueName === queueName)
        .reduce((sum, { batcher }) => sum + (batcher.refusal()?.waiting ?? 0), 0),
    close() {
      for (const { batcher } of batchers.values()) batcher.close();
    },
  });
}

/** A write counts as a success where it is of the refused kind, or to a queue that refuses nothing. */
function refusalsIn(batchers: readonly TargetBatcher[], clock: Clock): OutcomeRefusals | null {
  const refused = batchers.flatMap(({ label, queueName, batcher }) => {
    const refusal = batcher.refusal();
    return refusal === null ? [] : [{ ...refusal, outcome: label, queue_name: queueName }];
  });
  if (refused.length === 0) return null;
  const refusingQueues = new Set(refused.map(({ queue_name }) => queue_name));
  const others = batchers.filter(({ queueName }) => !refusingQueues.has(queueName));
  const othersElapsedMs = Math.min(
    ...others.map(({ writtenAtMs }) => clock.monotonicMs() - writtenAtMs),
  );
  return {
    refused: refused.map(({ outcome, queue_name, waiting, error }) => ({
      outcome,
      queue_name,
      waiting,
      error,
    })),
    without_success_ms: Math.min(
      othersElapsedMs,
      Math.max(...refused.map(({ durationMs }) => durationMs)),
    ),
  };
}

function createBatcher(
  target: OutcomeTarget & Pick<TargetBatcher, "label">,
  options: OutcomeWriterOptions & { readonly refused: Set<TargetBatcher> },
): TargetBatcher {
  const { refused, inFlight, renewer, clock, logger, wakeup } = options;
  const { outcomeStore, visibilityTimer, onReleased } = options;
  const { label } = target;
  const queueName = target.queues.stepQueue;
  const removeSteps = (items: readonly Item[]): void => {
    for (const { step } of items) inFlight.remove(step);
    wakeup.notify();
  };
  const eventErrors = new WeakMap<EventRow, unknown>();
  const targetBatcher: TargetBatcher = {
    label,
    queueName,
    writtenAtMs: Number.NEGATIVE_INFINITY,
    batcher: new OutcomeBatcher<WritableOutcome>({
      outcomesLabel: label,
      queueName,
      beforeWrite: (steps) => renewer.retryFailedRenewals(steps),
      write: async (items) => withKeys(items, await outcomeStore.write(target, items.map(toRow))),
      async writeOne(item) {
        const written = await outcomeStore.writeOne(target, rowCandidates(item));
        for (const [event, error] of written.rejectedEvents) eventErrors.set(event, error);
        return written.isWritten ? [item] : [];
      },
      findWritten: async (items) =>
        withKeys(items, await outcomeStore.findWritten(target, items.map(toRow))),
      sizeOf: charactersOf,
      onWritten(items) {
        targetBatcher.writtenAtMs = clock.monotonicMs();
        for (const { value } of items)
          // Other workers should find a released step first: this one only polls for it.
          if (value.kind === "retried") visibilityTimer.schedule(queueName, value.delayMs);
        if (items.some(isRelease)) onReleased?.(queueName);
        removeSteps(items);
        for (const { value } of items) reportEventResults(value, eventErrors);
      },
      onLost(items) {
        logger(
          "warn",
          `${label} were not written: other workers have the steps, or their messages are gone`,
          lostFields(items),
        );
        removeSteps(items);
      },
      onRefused: () => void refused.add(targetBatcher),
      onRecovered() {
        refused.delete(targetBatcher);
        wakeup.notify(queueName);
      },
      waitForFenceChanges: () => inFlight.waitForFenceChanges(queueName),
      clock,
      logger,
    }),
  };
  return targetBatcher;
}

/** Whether another worker may run the step, at once or as the only one that can. */
function isRelease({ value }: Item): boolean {
  return value.kind === "released" || (value.kind === "retried" && value.delayMs === 0);
}

function withKeys(items: readonly Item[], keys: ReadonlySet<string>): readonly Item[] {
  return items.filter(({ step }) => keys.has(step.messageKey));
}

function lostFields(items: readonly Item[]): Readonly<Record<string, unknown>> {
  const claim = items[0]?.step.claim;
  return { queue: claim?.queueName, steps: items.length, message_id: claim?.messageId };
}

function charactersOf(value: WritableOutcome): number {
  return rowsOfEvents(value).reduce((sum, { text }) => sum + text.length, 0);
}

function rowsOfEvents({ events = [] }: WritableOutcome): readonly EventRow[] {
  return events.flatMap(({ durable }) => durable ?? []);
}

function reportEventResults(
  { events = [] }: WritableOutcome,
  eventErrors: WeakMap<EventRow, unknown>,
): void {
  for (const event of events)
    if (event.durable !== null && eventErrors.has(event.durable))
      event.onRejected(eventErrors.get(event.durable));
    else event.onWritten();
}

function toRow({ step, value }: Item): OutcomeRow {
  const row = {
    fence: step.fence,
    events: rowsOfEvents(value),
    ...(step.claim.headers === null ? {} : { has_headers: true }),
  };
  if (value.kind === "completed") return row;
  if (value.kind === "dead_lettered") return { ...row, metadata: value.metadata };
  const hasRun = value.kind === "retried" && value.hasRun;
  const firstRelease = value.kind === "released" ? value.firstRelease : null;
  return {
    ...row,
    delay_ms: value.delayMs,
    uncounted_claims: step.reclaimCount + (hasRun ? 0 : 1),
    visible_at_micros: step.fence.visibleAtMicros,
    ...(firstRelease === null ? {} : { added_keys: { [firstReleaseKey]: firstRelease } }),
  };
}

/** A reason that cannot be stored must not keep a dead letter from being written. */
function rowCandidates(item: Item): readonly OutcomeRow[] {
  const row = toRow(item);
  return row.metadata === undefined
    ? [row]
    : metadataCandidates(row.metadata).map((metadata) => ({ ...row, metadata }));
}
