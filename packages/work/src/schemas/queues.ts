import * as z from "zod";

const count = z.int().min(0).nullable();
const seconds = z.number().min(0).nullable();

const statistics = z.object({
  namespace: z.string().describe("Its namespace."),
  queue_name: z.string().describe("Its name."),
  state: z
    .enum(["readable", "missing", "forbidden", "failed", "timed_out"])
    .describe("Why numbers are null; `timed_out` says nothing of the queue itself."),
  depth: count.describe("Messages in the queue, invisible ones included."),
  visible_depth: count.describe("Messages that a worker could claim now."),
  oldest_message_age_seconds: seconds.describe("Seconds since the oldest message was sent."),
  oldest_visible_age_seconds: seconds.describe(
    "Seconds since the oldest message was sent that a worker could claim now.",
  ),
  depth_estimated: z
    .boolean()
    .describe("Whether a depth is the planner's estimate, since it is too large to count."),
});

/** The queues that a worker serves. */
export const queuesListSchema = z.object({
  queues: z
    .array(
      statistics.extend({
        steps_per_second: z
          .number()
          .min(0)
          .describe("Steps of it that ended in this worker within the last minute, a second."),
        failed_per_second: z
          .number()
          .min(0)
          .describe("Of these, those that were retried or failed."),
      }),
    )
    .describe("The queues of steps."),
  dead_letters: z.array(statistics).describe("The queues of dead letters."),
});

/** The queues that a worker serves. */
export type QueuesList = z.infer<typeof queuesListSchema>;
