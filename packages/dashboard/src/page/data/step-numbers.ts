import type { Metrics, Sample } from "./answers.js";

/** What one kind of step did within the window, and since the worker started. */
export interface StepNumbers {
  readonly namespace: string;
  readonly template: string;
  readonly step: string;
  /** Attempts that ended, a second, whatever came of them. */
  readonly perSecond: number;
  readonly retried: number;
  readonly failed: number;
  /** Milliseconds; null where none ended. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** Attempts since the worker started. */
  readonly total: number;
}

/** Attempts of one kind of step up to an instant. */
interface Counts {
  readonly labels: Readonly<Record<string, string>>;
  readonly outcomes: Map<string, number>;
  /** Cumulative, by upper bound in seconds. */
  readonly buckets: Map<number, number>;
}

/** All steps up to an instant of the worker's clock. */
export interface StepSnapshot {
  readonly at: number;
  readonly kinds: ReadonlyMap<string, Counts>;
}

/** The attempts in an answer of `/metrics/worker`. */
export function readSteps({ metrics, timestamp }: Metrics): StepSnapshot {
  const kinds = new Map<string, Counts>();
  for (const sample of Object.values(metrics)) {
    const { name, labels, value } = sample;
    if (labels.step === undefined) continue;
    if (name === "tasker_worker_steps_total") {
      const { outcomes } = countsOf(kinds, sample);
      const { outcome = "" } = labels;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + value);
    } else if (name === "tasker_worker_step_duration_seconds_bucket") {
      const { buckets } = countsOf(kinds, sample);
      const bound = labels.le === "+Inf" ? Infinity : Number(labels.le);
      buckets.set(bound, (buckets.get(bound) ?? 0) + value);
    }
  }
  return { at: Date.parse(timestamp), kinds };
}

function countsOf(kinds: Map<string, Counts>, { labels }: Sample): Counts {
  const key = [labels.namespace, labels.template, labels.step].join("/");
  const known = kinds.get(key);
  if (known !== undefined) return known;
  const made: Counts = { labels, outcomes: new Map(), buckets: new Map() };
  kinds.set(key, made);
  return made;
}

/** What happened between two snapshots; all since the worker's start where the worker restarted in between. */
export function compareSteps(before: StepSnapshot | null, after: StepSnapshot): StepNumbers[] {
  const seconds = before === null ? 0 : (after.at - before.at) / 1_000;
  return Array.from(after.kinds, ([key, counts]) =>
    compareKind(before?.kinds.get(key), counts, seconds),
  ).sort((one, other) => other.perSecond - one.perSecond || other.total - one.total);
}

function compareKind(before: Counts | undefined, after: Counts, seconds: number): StepNumbers {
  const { namespace = "", template = "", step = "" } = after.labels;
  const total = sum(after.outcomes);
  const earlier = before !== undefined && sum(before.outcomes) <= total ? before : undefined;
  const since = (outcome: string): number =>
    (after.outcomes.get(outcome) ?? 0) - (earlier?.outcomes.get(outcome) ?? 0);
  const buckets = Array.from(after.buckets, ([bound, count]): Bucket => [
    bound,
    count - (earlier?.buckets.get(bound) ?? 0),
  ]).sort(([one], [other]) => one - other);
  const ended = total - (earlier === undefined ? 0 : sum(earlier.outcomes));
  return {
    namespace,
    template,
    step,
    perSecond: seconds > 0 ? ended / seconds : 0,
    retried: since("retried"),
    failed: since("failed"),
    p50Ms: quantileMs(buckets, 0.5),
    p95Ms: quantileMs(buckets, 0.95),
    total,
  };
}

type Bucket = readonly [bound: number, cumulative: number];

/** As Prometheus does it: within a bucket, durations are taken to be spread evenly. */
export function quantileMs(buckets: readonly Bucket[], quantile: number): number | null {
  const count = buckets.at(-1)?.[1] ?? 0;
  if (count === 0) return null;
  const rank = quantile * count;
  const index = buckets.findIndex(([, cumulative]) => cumulative >= rank);
  const [bound, cumulative] = buckets[index] ?? [0, 0];
  const [lower, below] = buckets[index - 1] ?? [0, 0];
  // Above the last bound nothing more is known.
  if (bound === Infinity) return lower * 1_000;
  const share = cumulative === below ? 1 : (rank - below) / (cumulative - below);
  return (lower + (bound - lower) * share) * 1_000;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

/** All kinds together. */
export function totalOf(numbers: readonly StepNumbers[]) {
  const add = (pick: (each: StepNumbers) => number): number =>
    numbers.reduce((total, each) => total + pick(each), 0);
  return {
    perSecond: add(({ perSecond }) => perSecond),
    retried: add(({ retried }) => retried),
    failed: add(({ failed }) => failed),
    p50Ms: highest(numbers.map(({ p50Ms }) => p50Ms)),
    p95Ms: highest(numbers.map(({ p95Ms }) => p95Ms)),
  };
}

function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
