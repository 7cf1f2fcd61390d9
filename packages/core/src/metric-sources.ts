import type { HealthStatus } from "./health-status.js";

/** The source of health for metrics, such as a HealthService. */
export interface HealthSource {
  /** The status of each check, by its name. @param signal - aborted when no caller waits any more. */
  statuses(signal: AbortSignal): Promise<Readonly<Record<string, HealthStatus>>>;
}

/** The source of template-cache counts for metrics, such as a TemplateService. */
export interface TemplateCacheSource {
  /** Templates in the cache now, and look-ups and evictions since the service was made. */
  counts(): {
    readonly entries: number;
    readonly hits: number;
    readonly misses: number;
    readonly evictions: number;
  };
}
