/** Prometheus text, the default. The whole string is the Content-Type to answer with. */
export const PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

/** OpenMetrics text. The whole string is the Content-Type to answer with. */
export const OPENMETRICS_TEXT = "application/openmetrics-text; version=1.0.0; charset=utf-8";
