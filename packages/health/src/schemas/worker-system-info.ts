import * as z from "zod";

const connections = z.int().nonnegative();

export const poolUtilizationSchema = z.strictObject({
  size: connections.describe("Connections that the pool holds."),
  idle: connections.describe("Idle connections in the pool."),
  waiting: connections.describe("Callers that wait for a connection."),
  max: connections.describe("The most connections that the pool opens."),
});
export type PoolUtilization = z.infer<typeof poolUtilizationSchema>;

/** The worker in a few numbers; null where the worker has no such part. */
export const workerSystemInfoSchema = z.strictObject({
  version: z.string(),
  environment: z.string(),
  uptime_seconds: z.int().nonnegative(),
  worker_type: z.string(),
  database_pool_size: connections.nullable().describe("Connections that the pool holds."),
  command_processor_active: z
    .boolean()
    .nullable()
    .describe("Whether steps are being claimed: false while paused or stopped."),
  supported_namespaces: z
    .array(z.string())
    .describe("The template namespaces that the worker serves."),
  pool_utilization: poolUtilizationSchema.nullable(),
});
export type WorkerSystemInfo = z.infer<typeof workerSystemInfoSchema>;
