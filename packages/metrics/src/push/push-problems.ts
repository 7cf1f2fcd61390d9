import { delayProblems } from "@tasker-observability/core/options";
import { isLabelName } from "../registry/foreign-metric.js";
import type { PushMetricsOptions } from "./push-options.js";

/** What is wrong with the options. The url is never repeated, for it may hold a password. */
export function pushProblems({
  url,
  jobName = "-",
  groupings = {},
  intervalMs,
  timeoutMs,
}: PushMetricsOptions): readonly string[] {
  const groupingNames = Object.keys(groupings);
  return [
    ...(isAddress(url)
      ? []
      : ["url must be a whole http or https URL, without query and fragment."]),
    ...(jobName === "" || jobName.includes("/")
      ? ["jobName must not be empty or hold a slash."]
      : []),
    ...(groupingNames.every((name) => isLabelName(name) && name !== "job")
      ? []
      : ["groupings must have the names of labels, and not job."]),
    ...delayProblems("intervalMs", intervalMs),
    ...delayProblems("timeoutMs", timeoutMs),
  ];
}

function isAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, search, hash } = new URL(url);
  return /^https?:$/.test(protocol) && search === "" && hash === "";
}
