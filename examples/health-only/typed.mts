import {
  createHealthService,
  type DetailedHealth,
  type HealthCheck,
} from "@tasker-observability/health";
import pg from "pg";

/** The reason why an application is not ready; null where it is. */
export async function whyNotReady(pool: pg.Pool): Promise<string | null> {
  const health = createHealthService({ database: pool });
  const { status, checks } = await health.readiness();
  const sick: readonly HealthCheck[] = Object.values(checks).filter(
    (check) => check.status === "unhealthy",
  );
  health.close();
  return status === "healthy" ? null : sick.map(({ message }) => message).join(", ");
}

/** Everything about it. */
export const detailsOf = async (pool: pg.Pool): Promise<DetailedHealth> =>
  createHealthService({ database: pool }).detailed();

// @ts-expect-error A pool is no text.
createHealthService({ database: "postgres://localhost/orders" });
