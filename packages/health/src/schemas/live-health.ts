import * as z from "zod";
import { timestampSchema } from "./timestamp.js";

/** Whether only a restart would help. */
export const liveHealthSchema = z.strictObject({
  status: z.enum(["alive", "dead"]),
  reason: z
    .string()
    .nullable()
    .describe("What only a restart would cure (event_loop_stalled, pool_dead…); null while alive."),
  timestamp: timestampSchema,
  worker_id: z.string(),
});
export type LiveHealth = z.infer<typeof liveHealthSchema>;
