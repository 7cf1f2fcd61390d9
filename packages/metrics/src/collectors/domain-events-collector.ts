import type { DomainEvents } from "@tasker-observability/core";
import type { Collector } from "../collector.js";
import type { Family } from "../family.js";

const events: Family = {
  name: "tasker_worker_domain_events_total",
  type: "counter",
  help: "Domain events by how they were to be delivered and what came of it.",
  labels: ["delivery", "outcome"],
};

/** The domain events that steps published. */
export function createDomainEventsCollector({
  domainEvents,
}: {
  readonly domainEvents: DomainEvents;
}): Collector {
  return {
    name: "domain_events",
    families: [events],
    async collect(readings) {
      for (const { delivery, outcome, count } of domainEvents.statistics().deliveries) {
        readings.record(events, [delivery, outcome], count);
      }
    },
  };
}
