/** What a listener gets besides the event. */
export interface EventDelivery {
  /** Events of this subscription that were lost so far because the subscriber read too slowly; starts at 0 with each connection. */
  readonly dropped: number;
}

/** A subscriber's function. */
export type EventListener = (event: unknown, delivery: EventDelivery) => void;
