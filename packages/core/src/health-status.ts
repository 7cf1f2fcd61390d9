/** The result of a check, as metrics read it. */
export type HealthStatus = "healthy" | "degraded" | "unhealthy";
