import type {
  GiveBackReason,
  StepRecorder,
  StepOutcome,
  StepSink,
} from "@tasker-observability/core";
import type { Counter, Histogram } from "prom-client";
import type { Labels } from "../family.js";
import { LabelSets } from "../scrape/label-sets.js";
import type { StepMetrics } from "./step-metrics.js";

const outcomes: readonly StepOutcome[] = ["completed", "retried", "failed"];
const giveBackReasons: readonly GiveBackReason[] = [
  "template_not_found",
  "step_not_in_template",
  "handler_not_registered",
  "template_source_unavailable",
];

/** Options of {@link StepMetricsSink}. */
export interface StepMetricsSinkOptions {
  readonly metrics: StepMetrics;
  /** Namespaces that get a recorder of their own. */
  readonly limit: number;
  /** Called for each namespace that got none. */
  readonly onOverflow: () => void;
}

/** Writes steps into prom-client. Its children are looked up once per namespace and outcome, never per step. */
export class StepMetricsSink implements StepSink {
  readonly #metrics: StepMetrics;
  readonly #labelSets: LabelSets;
  readonly #recorders = new Map<Labels, NamespaceRecorder>();

  constructor({ metrics, limit, onOverflow }: StepMetricsSinkOptions) {
    this.#metrics = metrics;
    this.#labelSets = new LabelSets({ names: ["namespace"], limit, onOverflow });
  }

  recorder(namespace: string): StepRecorder {
    const labels = this.#labelSets.of([namespace]);
    const known = this.#recorders.get(labels);
    if (known !== undefined) return known;
    const recorder = new NamespaceRecorder(labels, this.#metrics);
    this.#recorders.set(labels, recorder);
    return recorder;
  }

  /** Steps under way by namespace. */
  inFlight(): Iterable<readonly [namespace: string, count: number]> {
    return Array.from(
      this.#recorders.values(),
      (recorder) => [recorder.namespace, recorder.inFlight] as const,
    );
  }
}

interface OutcomeChildren {
  readonly total: Counter.Internal;
  readonly duration: Histogram.Internal<"namespace" | "outcome">;
}

class NamespaceRecorder implements StepRecorder {
  readonly namespace: string;
  inFlight = 0;
  readonly #wait: Histogram.Internal<"namespace">;
  // Partial: an application in plain JavaScript may name an outcome that does not exist.
  readonly #outcomes: Readonly<Partial<Record<StepOutcome, OutcomeChildren>>>;

  readonly #released: Readonly<Partial<Record<GiveBackReason, Counter.Internal>>>;

  constructor({ namespace = "" }: Labels, metrics: StepMetrics) {
    this.namespace = namespace;
    this.#wait = metrics.wait.labels({ namespace });
    this.#outcomes = Object.fromEntries(
      outcomes.map((outcome) => [outcome, childrenOf(metrics, { namespace, outcome })]),
    );
    this.#released = Object.fromEntries(
      giveBackReasons.map((reason) => [reason, counterOf(metrics.released, { namespace, reason })]),
    );
  }

  started(waitMs: number): void {
    this.inFlight += 1;
    observe(this.#wait, waitMs);
  }

  finished(outcome: StepOutcome, durationMs: number): void {
    if (this.inFlight > 0) this.inFlight -= 1;
    const children = this.#outcomes[outcome];
    if (children === undefined) return;
    children.total.inc();
    observe(children.duration, durationMs);
  }

  released(reason: GiveBackReason): void {
    this.#released[reason]?.inc();
  }
}

function childrenOf(
  metrics: StepMetrics,
  labels: { readonly namespace: string; readonly outcome: string },
): OutcomeChildren {
  return { total: counterOf(metrics.total, labels), duration: metrics.duration.labels(labels) };
}

/** A counter that begins at 0 shows its first step as an increase. */
function counterOf<Label extends string>(
  counter: Counter<Label>,
  labels: Readonly<Record<Label, string>>,
): Counter.Internal {
  counter.inc(labels, 0);
  return counter.labels(labels);
}

/** Two machines' clocks can make a wait negative: that is none. What is not finite is not recorded, for prom-client would throw. */
function observe(child: Histogram.Internal<string>, ms: number): void {
  const seconds = ms > 0 ? ms / 1_000 : 0;
  if (ms - ms === 0) child.observe(seconds);
}
