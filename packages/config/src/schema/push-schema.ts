import { milliseconds, secretText, table, text } from "./field-kinds.js";

/** `[worker.metrics.push]`: pushes metrics to a Pushgateway, for a worker without a port. */
export const pushSchema = table({
  url: secretText(
    "",
    "The Pushgateway that the worker pushes its metrics to. A clean stop deletes them there. The URL may contain a user and a password. Empty: no push.",
    /^$|^https?:\/\/[^\s?#]+$/,
    "must be a whole http or https URL, without query and fragment",
  ),
  interval_ms: milliseconds(15_000, "How long the worker waits after one push before the next."),
  timeout_ms: milliseconds(5_000, "How long one request to the Pushgateway may take."),
  job_name: text(
    "tasker_worker",
    "The label `job` of the pushed metrics. The label `instance` is the worker's id.",
    /^(?!\s+$)[^/\p{Cc}]{1,100}$/u,
    "must be 1 to 100 printable characters without a slash, not only spaces",
  ),
});
