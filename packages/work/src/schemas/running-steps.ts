import * as z from "zod";

/** The steps that a worker runs now. */
export const runningStepsSchema = z.object({
  steps: z
    .array(
      z.object({
        namespace: z.string().describe("Its namespace."),
        template: z.string().describe("The name of its template."),
        step: z.string().describe("Its name in the template."),
        step_id: z.string().describe("Its id."),
        message_id: z.string().describe("The id of its message on the queue."),
        attempt: z.int().min(1).describe("Which attempt this is."),
        max_attempts: z.int().min(1).describe("How many attempts it has."),
        started_at: z.string().describe("When its handler started."),
        running_ms: z.number().min(0).describe("Milliseconds since then."),
        timeout_ms: z.number().min(0).describe("Milliseconds after which it is aborted."),
        is_overdue: z.boolean().describe("Whether it runs on after its time-out."),
      }),
    )
    .describe("The longest-running first."),
  total: z.int().min(0).describe("How many steps run."),
  limit: z.int().min(1).describe("The most steps in the answer."),
});

/** The steps that a worker runs now. */
export type RunningStepsList = z.infer<typeof runningStepsSchema>;

/** Parameters of the list of running steps. */
export const runningStepsParamsSchema = z.strictObject({
  limit: z.int().min(1).max(1_000).default(100).describe("The most steps in the answer."),
});

/** How many running steps to list. */
export type RunningStepsParams = z.input<typeof runningStepsParamsSchema>;
