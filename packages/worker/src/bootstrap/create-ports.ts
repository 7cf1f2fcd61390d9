import type { Clock, Ports } from "@tasker-observability/core";
import { createPgmqQueues } from "@tasker-observability/core/pgmq";
import type { StepEngine } from "../lifecycle/step-engine.js";
import type { NamespaceQueues } from "../queues/step-queues.js";
import type { WorkerEvents } from "./create-events.js";
import type { DeferredDatabase } from "./deferred-database.js";

export interface CreatePortsOptions {
  readonly queues: readonly NamespaceQueues[];
  readonly database: DeferredDatabase;
  readonly events: WorkerEvents;
  readonly clock: Clock | undefined;
  /** The engine needs the context and the context has the engine's ports: they look it up when they are asked. */
  readonly engine: () => StepEngine;
}

/** Everything that a worker can be asked about. */
export function createPorts({
  queues,
  database,
  events,
  clock,
  engine,
}: CreatePortsOptions): Ports {
  const stepQueues = queues.map((queue) => ({
    namespace: queue.namespace,
    queue_name: queue.steps,
  }));
  return {
    database,
    queues: createPgmqQueues({ client: database, queues: () => stepQueues, clock }),
    commandProcessor: {
      state: () => engine().commandProcessor.state(),
      heartbeat: { ageMs: () => engine().commandProcessor.heartbeat?.ageMs() ?? 0 },
      slots: () => engine().commandProcessor.slots(),
      refusals: () => engine().commandProcessor.refusals?.() ?? null,
      outcomeRefusals: () => engine().commandProcessor.outcomeRefusals?.() ?? null,
    },
    eventSystem: {
      listener: () => engine().eventSystem.listener(),
      poller: () => engine().eventSystem.poller(),
      polledQueues: () => engine().eventSystem.polledQueues?.() ?? [],
    },
    domainEvents: events.domainEvents,
    circuitBreakers: events.circuitBreakers,
    channels: { levels: () => [engine().dispatchLevel(), ...events.levels()] },
  };
}
