import { expect, it } from "vitest";
import { collectOnce } from "../testing/collect-once.js";
import { allPorts } from "../testing/test-worker.js";
import { createDomainEventsCollector } from "./domain-events-collector.js";

it("counts events by delivery and outcome", async () => {
  const { samples } = await collectOnce(
    createDomainEventsCollector({ domainEvents: allPorts.domainEvents! }),
  );
  expect(samples).toEqual({
    "tasker_worker_domain_events_total{delivery=durable,outcome=delivered}": 9,
    "tasker_worker_domain_events_total{delivery=fast,outcome=dropped}": 1,
  });
});
