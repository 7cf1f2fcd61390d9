import { catalogue } from "@tasker-observability/core";

const [text, openMetrics] = catalogue.metrics_prometheus.mediaTypes;

/** Prometheus text, the default. The whole string is the Content-Type to answer with. */
export const PROMETHEUS_TEXT = text;

/** OpenMetrics text. The whole string is the Content-Type to answer with. */
export const OPENMETRICS_TEXT = openMetrics;
