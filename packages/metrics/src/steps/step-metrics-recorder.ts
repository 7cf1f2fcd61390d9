import {
  type ReleaseReason,
  OVERFLOW_LABEL,
  type StepOutcome,
  type StepRecorder,
} from "@tasker-observability/core";
import type { Counter, Histogram } from "prom-client";
import type { Labels } from "../family.js";
import type { StepLabel, StepMetrics } from "./step-metrics.js";

const outcomes: readonly StepOutcome[] = ["completed", "retried", "failed"];
const releaseReasons: readonly ReleaseReason[] = [
  "template_not_found",
  "step_not_in_template",
  "handler_not_registered",
  "template_source_unavailable",
];

/** What the recorders of one namespace share. */
export class NamespaceMetrics {
  readonly namespace: string;
  readonly labels: Labels;
  /** For steps beyond the limit. It keeps their namespace, so sums by namespace stay right. */
  readonly overflow: Labels;
  inFlight = 0;
  readonly wait: Histogram.Internal<"namespace">;
  readonly released: Readonly<Partial<Record<ReleaseReason, Counter.Internal>>>;

  constructor(labels: Labels, { wait, released }: StepMetrics) {
    const { namespace = "" } = labels;
    this.namespace = namespace;
    this.labels = labels;
    this.overflow = { namespace, template: OVERFLOW_LABEL, step: OVERFLOW_LABEL };
    this.wait = wait.labels({ namespace });
    this.released = Object.fromEntries(
      releaseReasons.map((reason) => [reason, counterOf(released, { namespace, reason })]),
    );
  }
}

interface OutcomeChildren {
  readonly total: Counter.Internal;
  readonly duration: Histogram.Internal<StepLabel>;
}

/** Records one step of a template; the labels of the steps that have no name are those of their namespace. */
export class StepMetricsRecorder implements StepRecorder {
  readonly #namespace: NamespaceMetrics;
  // Partial: an application in plain JavaScript may name an outcome that does not exist.
  readonly #outcomes: Readonly<Partial<Record<StepOutcome, OutcomeChildren>>>;

  constructor(labels: Labels, namespace: NamespaceMetrics, metrics: StepMetrics) {
    this.#namespace = namespace;
    this.#outcomes = Object.fromEntries(
      outcomes.map((outcome) => [outcome, childrenOf(metrics, { ...labels, outcome })]),
    );
  }

  started(waitMs: number): void {
    this.#namespace.inFlight += 1;
    observe(this.#namespace.wait, waitMs);
  }

  finished(outcome: StepOutcome, durationMs: number): void {
    if (this.#namespace.inFlight > 0) this.#namespace.inFlight -= 1;
    const children = this.#outcomes[outcome];
    if (children === undefined) return;
    children.total.inc();
    observe(children.duration, durationMs);
  }

  released(reason: ReleaseReason): void {
    this.#namespace.released[reason]?.inc();
  }
}

function childrenOf(metrics: StepMetrics, labels: Labels): OutcomeChildren {
  return { total: counterOf(metrics.total, labels), duration: metrics.duration.labels(labels) };
}

/** A counter that begins at 0 shows its first step as an increase. */
function counterOf<Label extends string>(
  counter: Counter<Label>,
  labels: Partial<Record<Label, string>>,
): Counter.Internal {
  counter.inc(labels, 0);
  return counter.labels(labels);
}

/** Clocks of two machines can make a wait negative, which counts as 0. Numbers that are not finite are not recorded: prom-client would throw. */
function observe(child: Histogram.Internal<string>, ms: number): void {
  const seconds = ms > 0 ? ms / 1_000 : 0;
  if (ms - ms === 0) child.observe(seconds);
}
