import {
  delayProblems,
  givenOptions,
  nameProblems,
  shapeProblems,
} from "@tasker-observability/core/options";
import { isLabelName } from "../registry/foreign-metric.js";
import type { PushMetricsOptions } from "./push-options.js";

const known: Readonly<Record<keyof PushMetricsOptions, true>> = {
  service: true,
  url: true,
  intervalMs: true,
  timeoutMs: true,
  jobName: true,
  groupings: true,
};

/** What is wrong with the options. The url is never repeated, for it may hold a password. */
export function pushProblems(options: PushMetricsOptions): readonly string[] {
  const given = givenOptions(options);
  const { service = null, url, jobName = "-", groupings = {}, intervalMs, timeoutMs } = given;
  return [
    ...nameProblems("pushMetrics", options, Object.keys(known)),
    ...shapeProblems(service, ["prometheusFormat"], "service must be a MetricsService."),
    ...(isAddress(url)
      ? []
      : ["url must be a whole http or https URL, without query and fragment."]),
    ...(typeof jobName !== "string" || jobName === "" || jobName.includes("/")
      ? ["jobName must be a text that is not empty and holds no slash."]
      : []),
    ...(isGroupings(groupings)
      ? []
      : ["groupings must have the names of labels, and not job, and texts as values."]),
    ...delayProblems("intervalMs", intervalMs),
    ...delayProblems("timeoutMs", timeoutMs),
  ];
}

function isAddress(url: unknown): boolean {
  if (typeof url !== "string" || !URL.canParse(url)) return false;
  const { protocol, search, hash } = new URL(url);
  return /^https?:$/.test(protocol) && search === "" && hash === "";
}

function isGroupings(groupings: unknown): boolean {
  if (typeof groupings !== "object" || groupings === null || Array.isArray(groupings)) return false;
  return Object.entries(groupings).every(
    ([name, value]) => isLabelName(name) && name !== "job" && typeof value === "string",
  );
}
