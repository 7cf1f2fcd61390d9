import type {
  Channels,
  CircuitBreakers,
  DomainEvents,
  WorkerContext,
} from "@tasker-observability/core";
import { type Breaker, createBreaker, toCircuitBreakers } from "../settling/breaker.js";
import { EventRouter } from "./event-router.js";
import { InProcessEventBus } from "./in-process-event-bus.js";
import { type EventPublisher, StepEvents } from "./step-events.js";
import { failureScope } from "../queues/sql-failure.js";

/** A worker's domain events and circuit breakers, wired. */
export interface EventsAndBreakers {
  readonly bus: InProcessEventBus;
  readonly domainEvents: DomainEvents;
  readonly circuitBreakers: CircuitBreakers;
  /** Guards the writing of step outcomes. */
  readonly outcomeBreaker: Breaker;
  /** The fill levels of the event buffers; the engine adds its own. */
  readonly levels: Channels["levels"];
  /** Creates the events that steps declare. */
  readonly stepEvents: StepEvents;
}

export interface CreateEventsOptions {
  readonly context: Pick<WorkerContext, "identity" | "logger" | "timestamp">;
  readonly publishers: Readonly<Record<string, EventPublisher>>;
  /** The application's own breakers, listed with the worker's. */
  readonly circuitBreakers?: CircuitBreakers | undefined;
}

export function createEventsAndBreakers({
  context,
  publishers,
  circuitBreakers,
}: CreateEventsOptions): EventsAndBreakers {
  const { logger, timestamp } = context;
  const bus = new InProcessEventBus({ logger });
  // A fault of one queue must not stop the writes to all others.
  const outcomeBreaker = createBreaker({
    name: "completion",
    isFailure: (error) => failureScope(error) === "database",
  });
  const router = new EventRouter({ bus, logger });
  return Object.freeze({
    bus,
    domainEvents: router,
    circuitBreakers: toCircuitBreakers([outcomeBreaker], circuitBreakers),
    outcomeBreaker,
    levels: () => [
      {
        channel_name: "in_process_events",
        component: "event_bus",
        length: bus.maxBacklog(),
        capacity: bus.capacity,
      },
    ],
    stepEvents: new StepEvents({
      router,
      publishers,
      workerId: context.identity.workerId,
      timestamp,
      logger,
    }),
  });
}
