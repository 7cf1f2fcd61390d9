/** An event that a step published, as it lies on `<namespace>_domain_events` and as subscribers get it. */
export interface DomainEvent {
  readonly event_id: string;
  /** Dotted: `payment.processed`. */
  readonly event_name: string;
  readonly payload: unknown;
  readonly metadata: DomainEventMetadata;
}

/** Where an event comes from. */
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

/** By which way an event is delivered: to the database, to subscribers in memory, or both. */
export type DeliveryMode = "durable" | "fast" | "broadcast";

/** What came of an event. */
export type DeliveryOutcome = "delivered" | "failed" | "dropped";
