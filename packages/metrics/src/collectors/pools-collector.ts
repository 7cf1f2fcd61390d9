import { type Database, portAnswers } from "@tasker-observability/core";
import type { Collector } from "../collector.js";
import type { Family } from "../family.js";

const size: Family = {
  name: "tasker_worker_db_pool_size",
  type: "gauge",
  help: "Connections in the database pool.",
  labels: [],
};
const idle: Family = {
  name: "tasker_worker_db_pool_idle",
  type: "gauge",
  help: "Idle connections of the database pool.",
  labels: [],
};
const waiting: Family = {
  name: "tasker_worker_db_pool_waiting",
  type: "gauge",
  help: "Callers that wait for a connection of the database pool.",
  labels: [],
};

/** The connections of the worker's database pool; nothing if the driver has no numbers. */
export function createPoolsCollector({
  database,
}: {
  readonly database: Pick<Database, "pool">;
}): Collector {
  return {
    name: "pools",
    families: [size, idle, waiting],
    async collect(readings) {
      const pool = portAnswers.pool(database);
      if (pool === null) return;
      readings.record(size, [], pool.size);
      readings.record(idle, [], pool.idle);
      readings.record(waiting, [], pool.waiting);
    },
  };
}
