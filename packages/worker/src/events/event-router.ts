import type { DeliveryCount, DomainEvents, Logger, RouterCounts } from "@tasker-observability/core";
import type { DeliveryMode, DeliveryOutcome, DomainEvent } from "./domain-event.js";
import { type InProcessEventBus, worstOf } from "./in-process-event-bus.js";

export interface EventRouterOptions {
  readonly bus: InProcessEventBus;
  readonly logger: Logger;
}

const modes: readonly DeliveryMode[] = ["durable", "fast", "broadcast"];
const outcomes: readonly DeliveryOutcome[] = ["delivered", "failed", "dropped"];

/** Sends each event as its declaration says, and counts the results. */
export class EventRouter implements DomainEvents {
  readonly #options: EventRouterOptions;
  readonly #routed = { durable: 0, fast: 0, broadcast: 0 };
  readonly #deliveries = new Map<string, number>();
  #fastDeliveryErrors = 0;
  #routingErrors = 0;

  constructor(options: EventRouterOptions) {
    this.#options = options;
  }

  /**
   * Sends an event to its subscribers, who are not waited for, and counts it. Never throws.
   * @param refusal - why its durable part is not written; undefined if it is, or if there is none.
   */
  route(event: DomainEvent, mode: DeliveryMode, refusal?: unknown): void {
    this.#routed[mode] += 1;
    if (refusal !== undefined) this.#reportRefusal(event, refusal);
    const durable: DeliveryOutcome = refusal === undefined ? "delivered" : "failed";
    if (mode === "durable") this.#count(mode, durable);
    else
      void this.#dispatch(event).then((outcome) => this.#count(mode, worstOf([outcome, durable])));
  }

  /** Counts an event that could not be routed: its payload does not fit its schema. */
  reject(mode: DeliveryMode): void {
    this.#routingErrors += 1;
    this.#count(mode, "failed");
  }

  statistics(): ReturnType<DomainEvents["statistics"]> {
    return {
      router: this.#routerCounts(),
      in_process_bus: this.#options.bus.statistics(),
      deliveries: this.#deliveryCounts(),
    };
  }

  async #dispatch(event: DomainEvent): Promise<DeliveryOutcome> {
    const outcome = await this.#options.bus.dispatch(event);
    if (outcome !== "delivered") this.#fastDeliveryErrors += 1;
    return outcome;
  }

  #reportRefusal({ event_name: event, metadata }: DomainEvent, error: unknown): void {
    this.#routingErrors += 1;
    this.#options.logger(
      "error",
      "an event cannot be written: the step's outcome is written without it",
      {
        event,
        step: metadata.step_name,
        step_id: metadata.step_id,
        error,
      },
    );
  }

  #count(mode: DeliveryMode, outcome: DeliveryOutcome): void {
    const key = `${mode} ${outcome}`;
    this.#deliveries.set(key, (this.#deliveries.get(key) ?? 0) + 1);
  }

  #routerCounts(): RouterCounts {
    const { durable, fast, broadcast } = this.#routed;
    return {
      total_routed: durable + fast + broadcast,
      durable_routed: durable,
      fast_routed: fast,
      broadcast_routed: broadcast,
      fast_delivery_errors: this.#fastDeliveryErrors,
      routing_errors: this.#routingErrors,
    };
  }

  #deliveryCounts(): DeliveryCount[] {
    return modes.flatMap((delivery) =>
      outcomes.map((outcome) => ({
        delivery,
        outcome,
        count: this.#deliveries.get(`${delivery} ${outcome}`) ?? 0,
      })),
    );
  }
}
