import type { HealthSource, TemplateCacheSource, WorkerContext } from "@tasker-observability/core";
import type { Collector } from "./collector.js";
import { createChannelsCollector } from "./collectors/channels-collector.js";
import { createCircuitBreakersCollector } from "./collectors/circuit-breakers-collector.js";
import { createDeadLettersCollector } from "./collectors/dead-letters-collector.js";
import { createDomainEventsCollector } from "./collectors/domain-events-collector.js";
import { createFleetCollector } from "./collectors/fleet-collector.js";
import { createHealthCollector } from "./collectors/health-collector.js";
import { createPoolsCollector } from "./collectors/pools-collector.js";
import { createQueuesCollector } from "./collectors/queues-collector.js";
import { createStepsCollector, type StepsSource } from "./collectors/steps-collector.js";
import { createTemplateCacheCollector } from "./collectors/template-cache-collector.js";
import { createWorkerCollector } from "./collectors/worker-collector.js";

/** The sources of the collectors; an absent one has no collector and no family. */
export interface CollectorSources {
  readonly context: Pick<WorkerContext, "identity" | "ports" | "clock" | "uptimeSeconds">;
  readonly steps: StepsSource;
  readonly health: HealthSource | undefined;
  readonly templateCache: TemplateCacheSource | undefined;
}

/** The collectors of a service, in the order in which their families are written. */
export function createCollectors({
  context,
  steps,
  health,
  templateCache,
}: CollectorSources): readonly Collector[] {
  const { database, queues, deadLetters, channels } = context.ports;
  const { domainEvents, circuitBreakers, fleet } = context.ports;
  const collectors = [
    createWorkerCollector({ context }),
    database && createPoolsCollector({ database }),
    queues && createQueuesCollector({ queues }),
    deadLetters && createDeadLettersCollector({ deadLetters }),
    channels && createChannelsCollector({ channels }),
    createStepsCollector(steps),
    domainEvents && createDomainEventsCollector({ domainEvents }),
    circuitBreakers && createCircuitBreakersCollector({ circuitBreakers }),
    fleet && createFleetCollector({ fleet, clock: context.clock }),
    templateCache && createTemplateCacheCollector({ templateCache }),
    health && createHealthCollector({ health }),
  ];
  return collectors.filter((collector) => collector !== undefined);
}
