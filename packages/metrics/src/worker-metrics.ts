import * as z from "zod";

/** One sample: the content of one line of the text, with its family's type and help. */
export const sampleSchema = z.strictObject({
  name: z
    .string()
    .describe(
      "The sample's name: the family's, or for a histogram the name of its _bucket, _sum or _count.",
    ),
  value: z.number(),
  metric_type: z.enum(["counter", "gauge", "histogram", "summary"]),
  labels: z.record(z.string(), z.string()),
  help: z.string(),
});
/** One sample: the content of one line of the text, with its family's type and help. */
export type Sample = z.infer<typeof sampleSchema>;

/** The samples of one instant, the same as in the text. */
export const workerMetricsSchema = z.strictObject({
  metrics: z
    .record(z.string(), sampleSchema)
    .describe(
      'Each sample under its name, with its labels if it has any: `tasker_worker_queue_depth{namespace="orders"}`.',
    ),
  omitted: z
    .int()
    .min(0)
    .describe("How many samples are omitted because JSON cannot represent their value."),
  timestamp: z.iso
    .datetime()
    .describe("The instant of the collection: ISO 8601, UTC, milliseconds."),
  worker_id: z.string(),
});
/** All samples at one instant: the result of `metrics_worker`. */
export type WorkerMetrics = z.infer<typeof workerMetricsSchema>;
