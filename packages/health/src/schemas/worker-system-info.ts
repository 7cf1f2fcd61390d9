import * as z from "zod/mini";

const count = z.int().check(z.nonnegative());
const amount = z.number().check(z.nonnegative());

/** A pool of connections, in the numbers that Tasker's worker gives. */
export const poolDetailSchema = z.strictObject({
  active_connections: count.check(z.describe("Connections in use.")),
  idle_connections: count.check(z.describe("Idle connections in the pool.")),
  max_connections: count.check(z.describe("The most connections that the pool opens.")),
  utilization_percent: amount.check(z.describe("Connections in use, as a share of the maximum.")),
  total_acquires: count.check(
    z.describe("Connections that callers got; 0 if the pool does not count them."),
  ),
  slow_acquires: count.check(z.describe("Of these, those that took 100 ms or longer.")),
  acquire_errors: count.check(z.describe("How often a caller got no connection.")),
  average_acquire_time_ms: amount.check(z.describe("Milliseconds that a caller waited.")),
  max_acquire_time_ms: amount.check(z.describe("Milliseconds of the longest wait.")),
});
/** A pool of connections, in the numbers that Tasker's worker gives. */
export type PoolDetail = z.infer<typeof poolDetailSchema>;

/** How much of the connection pool is in use. */
export const poolUtilizationSchema = z.strictObject({
  tasker_pool: poolDetailSchema,
  pgmq_pool: poolDetailSchema.check(
    z.describe("The same: this worker reads its queues through the one pool that it has."),
  ),
});
/** How much of the connection pool is in use. */
export type PoolUtilization = z.infer<typeof poolUtilizationSchema>;

/** The worker in a few numbers; null if the worker has no such part. */
export const workerSystemInfoSchema = z.strictObject({
  version: z.string().check(z.describe("The application's version.")),
  observability_version: z.string().check(z.describe("The version of this software.")),
  environment: z.string(),
  uptime_seconds: z.int().check(z.nonnegative()),
  worker_type: z.string(),
  database_pool_size: z.nullable(count).check(z.describe("Connections that the pool has open.")),
  command_processor_active: z
    .nullable(z.boolean())
    .check(z.describe("Whether steps are being claimed: false while paused or stopped.")),
  supported_namespaces: z
    .array(z.string())
    .check(z.describe("The template namespaces that the worker serves.")),
  pool_utilization: z.nullable(poolUtilizationSchema),
});
/** The worker in a few numbers; null if the worker has no such part. */
export type WorkerSystemInfo = z.infer<typeof workerSystemInfoSchema>;
