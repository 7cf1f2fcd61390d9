import type { Health, Metrics } from "./answers.js";
import { HealthHistory } from "./health-history.js";
import type { Resource } from "./resource.js";
import { SeriesByName } from "./series.js";
import {
  compareSteps,
  readSteps,
  type StepNumbers,
  type StepSnapshot,
  totalOf,
} from "./step-numbers.js";
import type { QueueList } from "./work-answers.js";
import type { WorkerConnection } from "./worker-connection.js";

/** Everybody polls health at this interval, and a view what it shows. */
export const pollMs = 2_000;
/** What no view shows is sampled, so that its history has no gaps. */
const sampleMs = 10_000;
const windowMs = 60_000;

/** What the page has seen since it was opened; nothing of it is stored. */
export class Recorder {
  readonly health = new HealthHistory();
  readonly series = new SeriesByName();
  /** The last minute, or since the worker's start until the page has seen a minute. */
  steps: readonly StepNumbers[] = [];
  /** Milliseconds by which the worker's clock is ahead of this browser's. */
  skewMs = 0;
  #snapshots: StepSnapshot[] = [];

  constructor(connection: WorkerConnection) {
    const health = connection.resource<Health>("/health/detailed");
    const ready = connection.resource<Health>("/health/ready");
    const record = (answer: Health, at: number): void => {
      this.skewMs = Date.parse(answer.timestamp) - at;
      this.health.answered(answer, at);
    };
    let stopReady: (() => void) | null = null;
    onAnswer(health, pollMs, record, () => {
      // Readiness is open to everybody, so the page has a verdict without a key too.
      const isRefused = health.snapshot.problem !== null && connection.state.offlineSince === null;
      if (isRefused) stopReady ??= onAnswer(ready, pollMs, record);
      else {
        stopReady?.();
        stopReady = null;
      }
    });
    connection.watch(() => {
      const { offlineSince } = connection.state;
      if (offlineSince !== null) this.health.silent(offlineSince);
    });
    onAnswer(connection.resource<QueueList>("/queues"), sampleMs, this.#recordQueues);
    onAnswer(connection.resource<Metrics>("/metrics/worker"), sampleMs, this.#recordMetrics);
  }

  readonly #recordQueues = ({ queues }: QueueList, at: number): void => {
    let [depth, age] = [0, 0];
    for (const queue of queues) {
      this.series.of(`depth ${queue.namespace}`).add(at, queue.depth ?? 0);
      this.series.of(`age ${queue.namespace}`).add(at, queue.oldest_visible_age_seconds ?? 0);
      depth += queue.depth ?? 0;
      age = Math.max(age, queue.oldest_visible_age_seconds ?? 0);
    }
    this.series.of("depth").add(at, depth);
    this.series.of("age").add(at, age);
  };

  readonly #recordMetrics = (metrics: Metrics, at: number): void => {
    const snapshot = readSteps(metrics);
    const last = this.#snapshots.at(-1) ?? null;
    if (last !== null && snapshot.at <= last.at) return;
    if (last !== null) this.#recordRates(compareSteps(last, snapshot), at);
    this.#snapshots.push(snapshot);
    // The first that is kept is the last one that is a whole minute old, so that the window is one.
    const first = this.#snapshots.findLastIndex((each) => snapshot.at - each.at >= windowMs);
    this.#snapshots = this.#snapshots.slice(Math.max(0, first));
    const [oldest = null] = this.#snapshots;
    this.steps = compareSteps(oldest === snapshot ? null : oldest, snapshot);
  };

  #recordRates(numbers: readonly StepNumbers[], at: number): void {
    const total = totalOf(numbers);
    this.series.of("steps").add(at, total.perSecond);
    this.series.of("failures").add(at, total.failed + total.retried);
    this.series.of("p50").add(at, total.p50Ms ?? 0);
    this.series.of("p95").add(at, total.p95Ms ?? 0);
    for (const { namespace, template, step, perSecond } of numbers)
      this.series.of(`steps ${namespace}/${template}/${step}`).add(at, perSecond);
  }
}

/** Calls `use` with every new answer. @returns what ends it. */
function onAnswer<T>(
  resource: Resource<T>,
  everyMs: number,
  use: (answer: T, at: number) => void,
  afterwards: () => void = () => undefined,
): () => void {
  let seen: number | null = null;
  return resource.watch(() => {
    const { result, at } = resource.snapshot;
    if (result !== null && at !== null && at !== seen) use(result, at);
    seen = at;
    afterwards();
  }, everyMs);
}
