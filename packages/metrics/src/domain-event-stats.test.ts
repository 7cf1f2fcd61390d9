import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createMetricsService } from "./metrics-service.js";
import { allPorts, createTestWorker } from "./testing/test-worker.js";
import { createFullService } from "./testing/full-service.js";

describe("domainEventStats", () => {
  it("returns the documented counts of the port", async () => {
    const { service, context } = createFullService();
    const { router, in_process_bus } = allPorts.domainEvents!.statistics();
    await expect(service.domainEventStats()).resolves.toEqual({
      router,
      in_process_bus,
      captured_at: context.timestamp(),
      worker_id: "orders-1",
    });
  });

  it("says that the service is not installed where there are no domain events", async () => {
    const service = createMetricsService({ context: createTestWorker(createFakeClock()).context });
    await expect(service.domainEventStats()).rejects.toMatchObject({
      code: "SERVICE_NOT_INSTALLED",
      message: expect.stringContaining("Web state not available"),
    });
  });

  it.each([1.5, Number.NaN, 2 ** 53, undefined])("rejects %s as a count", async (total_routed) => {
    const statistics = allPorts.domainEvents!.statistics();
    const domainEvents = {
      statistics: () => ({
        ...statistics,
        router: { ...statistics.router, total_routed: total_routed! },
      }),
    };
    const service = createMetricsService({
      context: createTestWorker(createFakeClock(), { ports: { domainEvents } }).context,
    });
    await expect(service.domainEventStats()).rejects.toThrow("total_routed");
  });
});
