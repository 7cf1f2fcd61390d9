import * as z from "zod/mini";
import { timestampSchema } from "./timestamp.js";

/** Whether only a restart would help. */
export const liveHealthSchema = z.strictObject({
  status: z.enum(["alive", "dead"]),
  reason: z
    .nullable(z.string())
    .check(
      z.describe(
        "What only a restart would fix (event_loop_stalled, pool_dead…); null while alive.",
      ),
    ),
  timestamp: timestampSchema,
  worker_id: z.string(),
});
/** Whether only a restart would help: the result of `health_live`. */
export type LiveHealth = z.infer<typeof liveHealthSchema>;
