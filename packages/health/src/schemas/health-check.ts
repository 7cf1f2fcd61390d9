import * as z from "zod/mini";
import { timestampSchema } from "./timestamp.js";

/** How well a part of the worker does: `degraded` still works. */
export const healthStatusSchema = z.enum(["healthy", "degraded", "unhealthy"]);

/** Whether a check alone can make the worker unhealthy: `required` ones can. */
export const criticalitySchema = z
  .enum(["required", "optional"])
  .check(z.describe("Whether this check alone can make the worker unhealthy."));
/** Whether a check alone can make the worker unhealthy: `required` ones can. */
export type Criticality = z.infer<typeof criticalitySchema>;

/** One check's last run. */
export const healthCheckSchema = z.strictObject({
  status: healthStatusSchema,
  message: z
    .nullable(z.string())
    .check(
      z.describe(
        "Why, by kind of failure (connection_refused, timeout after 900 ms). Contains no host, user, password, SQL or stack.",
      ),
    ),
  duration_ms: z
    .int()
    .check(z.nonnegative())
    .check(z.describe("Milliseconds that the run took, or has taken so far.")),
  last_checked: timestampSchema.check(z.describe("When the reported run ended or timed out.")),
  criticality: criticalitySchema,
  cached: z
    .boolean()
    .check(z.describe("False only if the reported run ended after this call arrived.")),
});
/** One check's last run. */
export type HealthCheck = z.infer<typeof healthCheckSchema>;
