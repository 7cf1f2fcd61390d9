import { parseOptions } from "@tasker-observability/core/options";
import {
  type PushedService,
  type PushMetricsOptions,
  pushMetricsOptionsSchema,
  type ResolvedPushOptions,
} from "./push-options.js";
import { createPushTarget, type PushTarget } from "./push-target.js";

/** A running push to a Pushgateway. */
export interface MetricsPush {
  /** Stops, waits for the current push, and deletes the pushed metrics from the gateway. Idempotent; never rejects. */
  stop(): Promise<void>;
}

/**
 * Pushes the metrics now and then every interval, for a worker without a port. The first of several failed pushes is
 * logged, and the next push comes at its usual time.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option, without the url.
 */
export function pushMetrics(options: PushMetricsOptions): MetricsPush {
  const resolved = parseOptions("pushMetrics", pushMetricsOptionsSchema, options);
  const push = new PeriodicPush(resolved, createPushTarget(resolved));
  push.start();
  return push;
}

class PeriodicPush implements MetricsPush {
  readonly #context: PushedService["context"];
  readonly #intervalMs: number;
  readonly #target: PushTarget;
  #underWay: Promise<void> = Promise.resolve();
  #cancelNext = (): void => undefined;
  #stopped: Promise<void> | undefined;
  #failing = false;

  constructor({ service, intervalMs }: ResolvedPushOptions, target: PushTarget) {
    this.#context = service.context;
    this.#intervalMs = intervalMs;
    this.#target = target;
  }

  start(): void {
    this.#underWay = this.#pushOnce().then(() => {
      if (this.#stopped !== undefined) return;
      this.#cancelNext = this.#context.clock.after(this.#intervalMs, () => {
        this.start();
      });
    });
  }

  async stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #pushOnce(): Promise<void> {
    const reason = await this.#target.push();
    if ((reason !== null) === this.#failing) return;
    this.#failing = reason !== null;
    if (reason === null) this.#context.logger("info", "metrics are pushed again");
    else this.#context.logger("warn", "metrics could not be pushed", { reason });
  }

  async #end(): Promise<void> {
    this.#cancelNext();
    // A push that the gateway is still processing would restore metrics that were deleted before.
    await this.#underWay;
    const reason = await this.#target.delete();
    if (reason !== null)
      this.#context.logger("warn", "pushed metrics could not be deleted", { reason });
  }
}
