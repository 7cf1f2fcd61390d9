import * as z from "zod/mini";
import { timestampSchema } from "./timestamp.js";

/** The process can answer. */
export const basicHealthSchema = z.strictObject({
  status: z.literal("healthy"),
  timestamp: timestampSchema,
  worker_id: z.string(),
});
/** The process can answer: the result of `health_basic`. */
export type BasicHealth = z.infer<typeof basicHealthSchema>;
