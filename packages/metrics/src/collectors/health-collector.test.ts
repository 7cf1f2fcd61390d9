import { expect, it } from "vitest";
import { collectOnce } from "../testing/collect-once.js";
import { createHealthCollector } from "./health-collector.js";

const collect = (
  statuses: Readonly<Record<string, string>>,
  limit?: number,
): ReturnType<typeof collectOnce> =>
  collectOnce(
    createHealthCollector({ health: { statuses: () => Promise.resolve(statuses as never) } }),
    limit,
  );

it("maps the status of each check to a number", async () => {
  const { samples } = await collect({
    database: "healthy",
    event_system: "degraded",
    queues: "unhealthy",
  });
  expect(samples).toEqual({
    "tasker_worker_health_status{check=database}": 1,
    "tasker_worker_health_status{check=event_system}": 0.5,
    "tasker_worker_health_status{check=queues}": 0,
  });
});

it("shows the worst of the checks that share a label", async () => {
  const { samples } = await collect(
    { a: "healthy", b: "healthy", c: "unhealthy", d: "degraded" },
    1,
  );
  expect(samples["tasker_worker_health_status{check=__other__}"]).toBe(0);
});

it.each(["fine", "toString"])("rejects the status %s rather than guess", async (status) => {
  await expect(collect({ database: status })).rejects.toThrow("healthy, degraded or unhealthy");
});
