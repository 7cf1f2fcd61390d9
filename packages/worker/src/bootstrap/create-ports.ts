import type { Clock, Fleet, MessageQueues, WorkerContext } from "@tasker-observability/core";
import { createPgmqQueues } from "@tasker-observability/pgmq";
import { createDeadLetterStore } from "../dead-letters/dead-letter-store.js";
import type { StepEngine } from "../engine/step-engine.js";
import type { NamespaceQueues } from "../queues/step-queues.js";
import type { EventsAndBreakers } from "../events/create-events.js";
import type { DeferredDatabase } from "../database/deferred-database.js";

export interface CreatePortsOptions {
  readonly queues: readonly NamespaceQueues[];
  readonly database: DeferredDatabase;
  readonly events: EventsAndBreakers;
  readonly engine: StepEngine;
  /** Absent: the worker is not in a fleet. */
  readonly fleet: Fleet | undefined;
  readonly clock: Clock;
}

/** The ports of a worker, which its checks and collectors read. */
export function createPorts({
  queues,
  database,
  events,
  engine,
  fleet,
  clock,
}: CreatePortsOptions): WorkerContext["ports"] {
  const read = (kind: "stepQueue" | "deadLetterQueue"): MessageQueues => {
    const named = queues.map((queue) => ({ namespace: queue.namespace, queue_name: queue[kind] }));
    return createPgmqQueues({ client: database, queues: () => named, clock });
  };
  return {
    database,
    queues: read("stepQueue"),
    deadLetters: read("deadLetterQueue"),
    commandProcessor: engine.commandProcessor,
    eventSystem: engine.eventSystem,
    domainEvents: events.domainEvents,
    circuitBreakers: events.circuitBreakers,
    runningSteps: engine.runningSteps,
    deadLetterStore: createDeadLetterStore({
      client: database,
      namespaces: queues.map(({ namespace }) => namespace),
    }),
    fleet,
    channels: { levels: () => [engine.inFlightLevel(), ...events.levels()] },
  };
}
