import * as z from "zod";

/** One sample: what one line of the text says, with its family's type and help. */
export const sampleSchema = z.strictObject({
  name: z
    .string()
    .describe(
      "The sample's name: the family's, or for a histogram that of its _bucket, _sum or _count.",
    ),
  value: z
    .union([z.number(), z.enum(["NaN", "+Inf", "-Inf"])])
    .describe("The number, or its name where JSON has none for it."),
  metric_type: z.enum(["counter", "gauge", "histogram", "summary"]),
  labels: z.record(z.string(), z.string()),
  help: z.string(),
});
/** One sample: what one line of the text says, with its family's type and help. */
export type Sample = z.infer<typeof sampleSchema>;

/** All samples at one instant: the same as the text, from the same collectors. */
export const workerMetricsSchema = z.strictObject({
  metrics: z.record(z.string(), z.array(sampleSchema)).describe("Samples by family."),
  timestamp: z.iso
    .datetime()
    .describe("The instant of the collection: ISO 8601, UTC, milliseconds."),
  worker_id: z.string(),
});
/** All samples at one instant: the result of `metrics_worker`. */
export type WorkerMetrics = z.infer<typeof workerMetricsSchema>;
