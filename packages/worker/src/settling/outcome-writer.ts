import type { Clock, Logger, OutcomeRefusals, RefusedOutcomes } from "@tasker-observability/core";
import { metadataCandidates } from "./dead-letter.js";
import type { InFlightStep, InFlightSteps } from "../claiming/in-flight-steps.js";
import type { Outcome, OutcomeKind, WritableOutcome } from "./outcome.js";
import { OutcomeBatcher } from "./outcome-batcher.js";
import type { BatchItem } from "./outcome-batcher-options.js";
import type { EventRow, OutcomeStore, OutcomeRow, OutcomeTarget } from "./outcome-store.js";
import { giveBackKey } from "../queues/step-message.js";
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
  readonly queues: OutcomeStore;
  readonly inFlight: InFlightSteps;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Renews what is overdue before its outcome is written. */
  readonly renewer: Pick<VisibilityRenewer, "renewOverdue">;
  /** Notified after every batch, since there is room again, and of a queue that takes outcomes again. */
  readonly wakeup: Pick<Wakeup, "notify">;
  /** Called when steps were returned to a queue that other workers may run. @default nobody is told */
  readonly onReturned?: ((queueName: string) => void) | undefined;
  /** Is given every message that becomes visible again. */
  readonly visibilityTimer: Pick<VisibilityTimer, "schedule">;
}

type Item = BatchItem<WritableOutcome>;

/**
 * Each kind of outcome of each queue has a batcher of its own, and so have those with events: a dead-letter queue or an event
 * queue that refuses everything delays no other outcome.
 */
interface TargetBatcher {
  readonly outcome: RefusedOutcomes["outcome"];
  readonly queueName: string;
  readonly batcher: OutcomeBatcher<WritableOutcome>;
  writtenAtMs: number;
}

/** What health and the log call them. */
const nameOf = {
  completed: "completions",
  retried: "retries",
  dead_lettered: "dead letters",
} as const satisfies Record<OutcomeKind, string>;

export function createOutcomeWriter(options: OutcomeWriterOptions): OutcomeWriter {
  const { inFlight } = options;
  const batchers = new Map<string, TargetBatcher>();
  const refused = new Set<TargetBatcher>();
  const batcherOf = (namespace: string, value: WritableOutcome): TargetBatcher => {
    const kind = value.kind === "given_back" ? "retried" : value.kind;
    const outcome =
      `${nameOf[kind]}${rowsOfEvents(value).length > 0 ? " with events" : ""}` as const;
    const key = `${namespace} ${outcome}`;
    const batcher =
      batchers.get(key) ??
      createBatcher({ kind, outcome, queues: queuesOf(namespace) }, { ...options, refused });
    batchers.set(key, batcher);
    return batcher;
  };
  return Object.freeze({
    write(step: InFlightStep, outcome: Outcome) {
      inFlight.markDecided(step);
      if (outcome.kind === "claim_lost") inFlight.release(step);
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
  const refused = batchers.flatMap(({ outcome, queueName, batcher }) => {
    const refusal = batcher.refusal();
    return refusal === null ? [] : [{ ...refusal, outcome, queue_name: queueName }];
  });
  if (refused.length === 0) return null;
  const isRefused = new Set(refused.map(({ queue_name }) => queue_name));
  const others = batchers.filter(({ queueName }) => !isRefused.has(queueName));
  const sinceOthersMs = Math.min(
    ...others.map(({ writtenAtMs }) => clock.monotonicMs() - writtenAtMs),
  );
  return {
    refused: refused.map(({ outcome, queue_name, waiting, error }) => ({
      outcome,
      queue_name,
      waiting,
      error,
    })),
    without_success_ms: Math.min(sinceOthersMs, Math.max(...refused.map(({ forMs }) => forMs))),
  };
}

function createBatcher(
  target: OutcomeTarget & Pick<TargetBatcher, "outcome">,
  options: OutcomeWriterOptions & { readonly refused: Set<TargetBatcher> },
): TargetBatcher {
  const { refused, queues, inFlight, renewer, clock, logger, wakeup, visibilityTimer, onReturned } =
    options;
  const { outcome } = target;
  const queueName = target.queues.stepQueue;
  const release = (items: readonly Item[]): void => {
    for (const { step } of items) inFlight.release(step);
    wakeup.notify();
  };
  const refusals = new WeakMap<EventRow, unknown>();
  const record: TargetBatcher = {
    outcome,
    queueName,
    writtenAtMs: Number.NEGATIVE_INFINITY,
    batcher: new OutcomeBatcher<WritableOutcome>({
      outcomesLabel: outcome,
      queueName,
      beforeWrite: (steps) => renewer.renewOverdue(steps),
      write: async (items) => within(items, await queues.write(target, items.map(toRow))),
      async writeOne(item) {
        const { isWritten, refusedEvents } = await queues.writeOne(target, rowCandidates(item));
        for (const [event, error] of refusedEvents) refusals.set(event, error);
        return isWritten ? [item] : [];
      },
      findWritten: async (items) =>
        within(items, await queues.findWritten(target, items.map(toRow))),
      sizeOf: charactersOf,
      onWritten(items) {
        record.writtenAtMs = clock.monotonicMs();
        for (const { value } of items)
          // Other workers should find a step that was given back first: this one only polls for it.
          if (value.kind === "retried") visibilityTimer.schedule(queueName, value.delayMs);
        if (items.some(isReturn)) onReturned?.(queueName);
        release(items);
        for (const { value } of items) announceEvents(value, refusals);
      },
      onLost(items) {
        logger(
          "warn",
          `${outcome} were not written: other workers have the steps, or their messages are gone`,
          lostFields(items),
        );
        release(items);
      },
      onRefused: () => void refused.add(record),
      onRecovered() {
        refused.delete(record);
        wakeup.notify(queueName);
      },
      waitForPending: () => inFlight.waitForPending(queueName),
      clock,
      logger,
    }),
  };
  return record;
}

/** Whether another worker may run the step, at once or as the only one that can. */
function isReturn({ value }: Item): boolean {
  return value.kind === "given_back" || (value.kind === "retried" && value.delayMs === 0);
}

function within(items: readonly Item[], keys: ReadonlySet<string>): readonly Item[] {
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

function announceEvents(
  { events = [] }: WritableOutcome,
  refusals: WeakMap<EventRow, unknown>,
): void {
  for (const event of events)
    if (event.durable !== null && refusals.has(event.durable))
      event.onRefused(refusals.get(event.durable));
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
  const firstGiveBack = value.kind === "given_back" ? value.firstGiveBack : null;
  return {
    ...row,
    delay_ms: value.delayMs,
    uncounted_claims: step.reclaimCount + (hasRun ? 0 : 1),
    visible_at_micros: step.fence.visibleAtMicros,
    ...(firstGiveBack === null ? {} : { added_keys: { [giveBackKey]: firstGiveBack } }),
  };
}

/** A reason that cannot be stored must not keep a dead letter from being written. */
function rowCandidates(item: Item): readonly OutcomeRow[] {
  const row = toRow(item);
  return row.metadata === undefined
    ? [row]
    : metadataCandidates(row.metadata).map((metadata) => ({ ...row, metadata }));
}
