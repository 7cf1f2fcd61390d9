/** A check, as health answers it. */
export interface CheckAnswer {
  readonly status: string;
  readonly message: string | null;
}

/** What of `health_ready` and `health_detailed` a status needs. */
export interface HealthAnswer {
  readonly status: string;
  readonly worker_id: string;
  readonly checks: Readonly<Record<string, CheckAnswer>>;
  readonly system_info: {
    readonly version: string;
    readonly environment: string;
    readonly uptime_seconds: number;
    readonly worker_type: string;
  };
}

/** What `status --json` prints. */
export interface WorkerStatus {
  readonly ready: boolean;
  /** All checks, or those of readiness where the worker does not show the others. */
  readonly health: HealthAnswer;
  /** By namespace; empty where the worker does not show its metrics. Null: unknown. */
  readonly queues: readonly QueueStatus[];
  readonly steps: readonly StepStatus[];
}

export interface QueueStatus {
  readonly namespace: string;
  readonly depth: number | null;
  readonly visible_depth: number | null;
  readonly oldest_visible_age_seconds: number | null;
  readonly dead_letters: number | null;
}

export interface StepStatus {
  readonly namespace: string;
  readonly in_flight: number;
  readonly completed: number;
  readonly retried: number;
  readonly failed: number;
}

interface Sample {
  readonly name: string;
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

interface StatusAnswers {
  readonly ready: HealthAnswer;
  readonly detailed: HealthAnswer | undefined;
  readonly metrics: unknown;
}

/** Puts the answers of three operations together. */
export function toStatus({ ready, detailed = ready, metrics }: StatusAnswers): WorkerStatus {
  const samples = samplesOf(metrics);
  const queueFamily = samples.filter(({ name }) => name === "tasker_worker_queue_depth");
  const stepFamilies = samples.filter(({ name }) =>
    ["tasker_worker_steps_total", "tasker_worker_steps_in_flight"].includes(name),
  );
  return {
    ready: ready.status === "healthy",
    health: detailed,
    queues: namespacesIn(queueFamily).map((namespace) => toQueue(samples, namespace)),
    steps: namespacesIn(stepFamilies).map((namespace) => toSteps(stepFamilies, namespace)),
  };
}

function samplesOf(answer: unknown): readonly Sample[] {
  const { metrics = {} } = (answer ?? {}) as { readonly metrics?: Record<string, Sample> };
  return Object.values(metrics);
}

function namespacesIn(samples: readonly Sample[]): readonly string[] {
  return [...new Set(samples.flatMap(({ labels }) => labels.namespace ?? []))].sort();
}

function toQueue(samples: readonly Sample[], namespace: string): QueueStatus {
  const read = (name: string): number | null =>
    samples.find(
      (sample) => sample.name === `tasker_worker_${name}` && sample.labels.namespace === namespace,
    )?.value ?? null;
  return {
    namespace,
    depth: read("queue_depth"),
    visible_depth: read("queue_visible_depth"),
    oldest_visible_age_seconds: read("queue_oldest_visible_age_seconds"),
    dead_letters: read("dead_letters"),
  };
}

function toSteps(samples: readonly Sample[], namespace: string): StepStatus {
  const sum = (outcome: string | undefined): number =>
    samples
      .filter(({ labels }) => labels.namespace === namespace && labels.outcome === outcome)
      .reduce((total, { value }) => total + value, 0);
  return {
    namespace,
    in_flight: sum(undefined),
    completed: sum("completed"),
    retried: sum("retried"),
    failed: sum("failed"),
  };
}
