import * as z from "zod/mini";
import { healthCheckSchema, healthStatusSchema } from "./health-check.js";
import { timestampSchema } from "./timestamp.js";
import { workerSystemInfoSchema } from "./worker-system-info.js";

/** All checks, and the worker around them. */
export const detailedHealthSchema = z.strictObject({
  status: healthStatusSchema.check(
    z.describe("Unhealthy when a required check is, degraded when any check is not healthy."),
  ),
  timestamp: timestampSchema,
  worker_id: z.string(),
  checks: z
    .record(z.string(), healthCheckSchema)
    .check(z.describe("Each check's last run, by its name.")),
  system_info: workerSystemInfoSchema,
});
/** All checks, and the worker around them: the result of `health_detailed`. */
export type DetailedHealth = z.infer<typeof detailedHealthSchema>;

/** The readiness checks: the same shape, and a status that is yes or no. */
export const readyHealthSchema = z.extend(detailedHealthSchema, {
  status: z
    .enum(["healthy", "unhealthy"])
    .check(
      z.describe(
        "Unhealthy when a required readiness check is; degraded checks do not make a worker unready.",
      ),
    ),
});
/** The readiness checks, and whether work should be sent here: the result of `health_ready`. */
export type ReadyHealth = z.infer<typeof readyHealthSchema>;
