/** What comes with an event. */
export interface EventDelivery {
  /** Events of this subscription that were lost so far, since the subscriber read too slowly; counted anew when the connection is. */
  readonly dropped: number;
}

/** What a subscriber is called with. */
export type EventListener = (event: unknown, delivery: EventDelivery) => void;
