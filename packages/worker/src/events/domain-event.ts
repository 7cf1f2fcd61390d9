/** An event that a step published, as stored on `<namespace>_domain_events` and as subscribers receive it. */
export interface DomainEvent {
  readonly event_id: string;
  /** Dotted: `payment.processed`. */
  readonly event_name: string;
  readonly payload: unknown;
  readonly metadata: DomainEventMetadata;
}

/** The origin of an event. */
export interface DomainEventMetadata {
  readonly step_id: string;
  readonly step_name: string;
  readonly template: {
    readonly namespace: string;
    readonly name: string;
    readonly version: string;
  };
  readonly attempt: number;
  readonly worker_id: string;
  /** ISO 8601. */
  readonly fired_at: string;
}

/** How an event is delivered: to the database, to subscribers in memory, or both. */
export type DeliveryMode = "durable" | "fast" | "broadcast";

/** The result of an event's delivery. */
export type DeliveryOutcome = "delivered" | "failed" | "dropped";
