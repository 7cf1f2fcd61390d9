import { SlidingCounts, type StepRecorder, type WorkerContext } from "@tasker-observability/core";

const windowSeconds = 60;

/** How fast the steps of a namespace end, in this worker. */
export interface NamespaceRate {
  /** Steps that ended within the last minute, a second. */
  readonly steps_per_second: number;
  /** Of these, those that were retried or failed. */
  readonly failed_per_second: number;
}

/** Counts the steps of each namespace over the last minute, in constant memory. */
export class NamespaceRates {
  readonly #counts = new Map<string, SlidingCounts>();
  readonly #detach: () => void;

  constructor({ steps, clock }: Pick<WorkerContext, "steps" | "clock">) {
    this.#detach = steps.attach({
      recorder: (namespace) => {
        const counts =
          this.#counts.get(namespace) ?? new SlidingCounts(clock, windowSeconds * 1_000);
        this.#counts.set(namespace, counts);
        return toRecorder(counts);
      },
    });
  }

  of(namespace: string): NamespaceRate {
    const { samples, errors } = this.#counts.get(namespace)?.sum() ?? { samples: 0, errors: 0 };
    return {
      steps_per_second: samples / windowSeconds,
      failed_per_second: errors / windowSeconds,
    };
  }

  close(): void {
    this.#detach();
  }
}

function toRecorder(counts: SlidingCounts): StepRecorder {
  return {
    started: () => undefined,
    finished: (outcome) => counts.record(outcome !== "completed"),
    released: () => undefined,
  };
}
