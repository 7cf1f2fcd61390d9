import * as z from "zod";

/** Whether a worker claims steps. */
export const workerStateSchema = z.object({
  state: z
    .enum(["running", "paused", "stopped"])
    .describe("`paused` until it is resumed; `stopped` while its claim loop does not run."),
});

/** Whether a worker claims steps. */
export type WorkerState = z.infer<typeof workerStateSchema>;
