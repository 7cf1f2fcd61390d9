import * as z from "zod";

const states = ["starting", "running", "paused", "draining", "lost"] as const;
const stateSchema = z
  .enum(states)
  .describe("`lost` if it has not reported itself for half a minute.");
const statusSchema = z.enum(["healthy", "degraded", "unhealthy"]);
const count = z.int().min(0);

/** A worker as it last reported itself. */
export const fleetWorkerSchema = z.object({
  instance_id: z
    .string()
    .describe("Of this run of the process: two processes with one worker id differ in it."),
  worker_id: z.string().describe("Its worker id."),
  worker_type: z.string().describe("Its type."),
  version: z.string().describe("The application's version."),
  observability_version: z.string().describe("The version of these packages."),
  host: z.string().describe("The name of its host."),
  pid: z.int().describe("Its process id there."),
  namespaces: z.array(z.string()).describe("The namespaces that it serves."),
  state: stateSchema,
  status: statusSchema.describe("Its readiness, as it last reported it."),
  checks: z
    .record(z.string(), z.object({ status: statusSchema, message: z.string().nullable() }))
    .describe("What each of its readiness checks found."),
  slots: z
    .object({ total: count, busy: count, overdue: count })
    .nullable()
    .describe("Its slots; null where it has none."),
  steps_per_second: z
    .number()
    .min(0)
    .describe(
      "Steps that ended, per second: the average over the last 5 minutes, or since its start if that is later.",
    ),
  failed_per_second: z.number().min(0).describe("Of these, those that were retried or failed."),
  event_loop_lag_ms: z
    .number()
    .min(0)
    .describe("The longest delay of its event loop since the report before, in milliseconds."),
  rss_bytes: count.describe("The memory of its process, in bytes."),
  url: z.string().nullable().describe("Where it answers HTTP; null where it does not."),
  started_at: z.string().describe("When it started, by the database's clock."),
  reported_at: z.string().describe("When it last reported itself, by the database's clock."),
  report_age_seconds: z.number().min(0).describe("Seconds since then."),
});

/** The workers that share a database. */
export const fleetListSchema = z.object({
  workers: z.array(fleetWorkerSchema).describe("One page of them, by worker id."),
  total: count.describe("How many match the query."),
  limit: z.int().min(1).describe("The most workers in a page."),
  offset: count.describe("How many were skipped."),
  counts: z
    .object({ starting: count, running: count, paused: count, draining: count, lost: count })
    .describe("How many workers are in each state, whatever the query."),
  duplicate_worker_ids: z
    .array(z.string())
    .describe("Worker ids that several living processes have: at most 100."),
});

/** One page of the fleet. */
export type FleetList = z.infer<typeof fleetListSchema>;

/** Parameters of the fleet's list. */
export const fleetListParamsSchema = z.strictObject({
  state: z.enum(states).optional().describe("Returns only workers in this state."),
  namespace: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("Returns only workers that serve this namespace."),
  limit: z.int().min(1).max(1_000).default(100).describe("The most workers in a page."),
  offset: z.int().min(0).default(0).describe("How many workers to skip."),
});

/** Which workers to list. */
export type FleetListParams = z.input<typeof fleetListParamsSchema>;
