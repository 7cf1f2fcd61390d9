import type { WorkerContext } from "@tasker-observability/core";
import { delayMs, objectLike, textOption, valueOption } from "@tasker-observability/core/options";
import * as z from "zod";
import type { MetricsService } from "../metrics-service.js";
import { isLabelName } from "../registry/foreign-metric.js";

/** What a push needs of a MetricsService. */
export interface PushedService extends Pick<MetricsService, "prometheusFormat"> {
  readonly context: Pick<WorkerContext, "clock" | "identity" | "logger">;
}

/** The schema of {@link PushMetricsOptions}, with the defaults. */
export const pushMetricsOptionsSchema = z.strictObject({
  /** The service whose text is pushed. */
  service: objectLike<PushedService>({
    name: "a MetricsService",
    methods: ["prometheusFormat"],
    parts: ["context"],
  }),
  /** The Pushgateway's address, http or https, with or without a path prefix and user-info. It is never logged. */
  url: textOption("a whole http or https URL, without query and fragment", isAddress),
  /** How long after the end of one push the next begins. @default 15000 */
  intervalMs: z._default(delayMs(), 15_000),
  /** How long one request may take. @default 5000 */
  timeoutMs: z._default(delayMs(), 5_000),
  /** The label `job` of the pushed metrics, without a slash. @default "tasker_worker" */
  jobName: z._default(
    textOption(
      "a string that is not empty and contains no slash",
      (job) => job !== "" && !job.includes("/"),
    ),
    "tasker_worker",
  ),
  /** The labels that tell this worker's metrics from those of others. @default { instance: the worker's id } */
  groupings: z.optional(
    valueOption<Readonly<Record<string, string>>>(
      "an object of label names, without job, and strings",
      isGroupings,
      "`{ [label]: string }`",
    ),
  ),
});
/** Options of `pushMetrics`. */
export type PushMetricsOptions = z.input<typeof pushMetricsOptionsSchema>;
/** The options with their defaults filled in. */
export type ResolvedPushOptions = z.output<typeof pushMetricsOptionsSchema>;

function isAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, search, hash } = new URL(url);
  return /^https?:$/.test(protocol) && search === "" && hash === "";
}

function isGroupings(groupings: unknown): boolean {
  if (typeof groupings !== "object" || groupings === null || Array.isArray(groupings)) return false;
  return Object.entries(groupings).every(
    ([name, value]) => isLabelName(name) && name !== "job" && typeof value === "string",
  );
}
