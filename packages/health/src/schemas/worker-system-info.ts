import * as z from "zod/mini";

const connections = z.int().check(z.nonnegative());

/** How much of the connection pool is in use. */
export const poolUtilizationSchema = z.strictObject({
  size: connections.check(z.describe("Connections that the pool has open.")),
  idle: connections.check(z.describe("Idle connections in the pool.")),
  waiting: connections.check(z.describe("Callers that wait for a connection.")),
  max: connections.check(z.describe("The most connections that the pool opens.")),
});
/** How much of the connection pool is in use. */
export type PoolUtilization = z.infer<typeof poolUtilizationSchema>;

/** The worker in a few numbers; null where the worker has no such part. */
export const workerSystemInfoSchema = z.strictObject({
  version: z.string(),
  environment: z.string(),
  uptime_seconds: z.int().check(z.nonnegative()),
  worker_type: z.string(),
  database_pool_size: z
    .nullable(connections)
    .check(z.describe("Connections that the pool has open.")),
  command_processor_active: z
    .nullable(z.boolean())
    .check(z.describe("Whether steps are being claimed: false while paused or stopped.")),
  supported_namespaces: z
    .array(z.string())
    .check(z.describe("The template namespaces that the worker serves.")),
  pool_utilization: z.nullable(poolUtilizationSchema),
});
/** The worker in a few numbers; null where the worker has no such part. */
export type WorkerSystemInfo = z.infer<typeof workerSystemInfoSchema>;
