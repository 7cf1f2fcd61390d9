import { createFakeClock } from "@tasker-observability/testkit";
import { AggregatorRegistry, Registry } from "prom-client";
import { expect, it } from "vitest";
import { createMetricsService } from "../metrics-service.js";
import { allPorts, allSources, createTestWorker } from "../testing/test-worker.js";

/** What the primary process of a cluster answers, from what its processes send it. */
async function gather(count: number, statusOf: (index: number) => "healthy" | "unhealthy") {
  const answers = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const { clock, context } = createTestWorker(createFakeClock(), { ports: allPorts });
      await clock.advance(5_000);
      const registry = new Registry();
      const statuses = async () => ({ redis: statusOf(index) });
      createMetricsService({ context, registry, ...allSources, health: { statuses } });
      context.steps.recorder("orders").finished("completed", 30);
      context.steps.recorder("orders").started(1);
      return await registry.getMetricsAsJSON();
    }),
  );
  const sent = JSON.parse(JSON.stringify(answers)) as object[];
  return (await AggregatorRegistry.aggregate(sent).metrics()).split("\n");
}

it("each family of three processes becomes one in its own way", async () => {
  const [alone, together] = await Promise.all([
    gather(1, () => "healthy"),
    gather(3, (index) => (index === 1 ? "unhealthy" : "healthy")),
  ]);
  const factors = alone.flatMap((line, index) => {
    const [, series, value] = /^(tasker_worker_\S+(?: \S+)*) (\S+)$/.exec(line) ?? [];
    if (series === undefined || Number(value) === 0 || series.includes("_bucket")) return [];
    const gathered = Number(together[index]?.slice(series.length + 1));
    return [[series.replace(/\{.*/, ""), gathered / Number(value)] as const];
  });
  expect(Object.fromEntries(factors)).toEqual({
    tasker_worker_info: 1,
    tasker_worker_build_info: 1,
    tasker_worker_uptime_seconds: 1,
    tasker_worker_db_pool_size: 3,
    tasker_worker_db_pool_idle: 3,
    tasker_worker_db_pool_waiting: 3,
    tasker_worker_queue_depth: 1,
    tasker_worker_queue_visible_depth: 1,
    tasker_worker_queue_oldest_message_age_seconds: 1,
    tasker_worker_queue_oldest_visible_age_seconds: 1,
    tasker_worker_queue_depth_estimated: 1,
    tasker_worker_dead_letters: 1,
    tasker_worker_dead_letter_oldest_age_seconds: 1,
    tasker_worker_fleet_workers: 1,
    tasker_worker_channel_health: 1,
    tasker_worker_steps_total: 3,
    tasker_worker_steps_in_flight: 3,
    tasker_worker_step_duration_seconds_sum: 3,
    tasker_worker_step_duration_seconds_count: 3,
    tasker_worker_step_wait_seconds_sum: 3,
    tasker_worker_step_wait_seconds_count: 3,
    tasker_worker_domain_events_total: 3,
    tasker_worker_circuit_breaker_state: 1,
    tasker_worker_template_cache_entries: 3,
    tasker_worker_template_cache_hits_total: 3,
    tasker_worker_template_cache_misses_total: 3,
    tasker_worker_template_cache_evictions_total: 3,
    tasker_worker_health_status: 0,
    tasker_worker_collector_success: 1,
  });
  expect(together).toContain('tasker_worker_health_status{check="redis"} 0');
});
