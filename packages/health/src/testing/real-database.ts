import { startTcpProxy, type TcpProxy, waitFor, withClient } from "@tasker-observability/testkit";
import pg from "pg";
import { onTestFinished } from "vitest";
import type { HealthService } from "../health-service.js";
import type { ReadyHealth } from "../schemas/detailed-health.js";

/** A way to the database that the test can break. */
export async function openProxy(url: string): Promise<TcpProxy> {
  const proxy = await startTcpProxy(url);
  onTestFinished(() => proxy.close());
  return proxy;
}

export const limits = { cacheTtlMs: 100, checkTimeoutMs: 400, abandonAfterMs: 800 };

/** For tests that are not about time: they pass on a busy machine. */
export const generousTimeouts = { checkTimeoutMs: 10_000, slowMs: 10_000 };

/** Within the time-to-live and the time-out, and what a busy machine adds. */
export const changesWithinMs = limits.cacheTtlMs + limits.checkTimeoutMs + 1_000;

export function createPool(url: string, options: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, ...options });
  pool.on("error", () => undefined);
  onTestFinished(async () => {
    if (!pool.ended) await pool.end();
  });
  return pool;
}

/** Our own sessions, as the server sees them. */
export async function sessionsOf(url: string, applicationName: string): Promise<number> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ count: number }>(
      "select count(*)::int from pg_stat_activity where application_name = $1",
      [applicationName],
    ),
  );
  return rows[0]!.count;
}

export function waitForStatus(
  health: HealthService,
  status: ReadyHealth["status"],
  timeoutMs: number,
): Promise<ReadyHealth> {
  const hasChanged = async (): Promise<ReadyHealth | null> => {
    const answer = await health.readiness();
    return answer.status === status ? answer : null;
  };
  return waitFor(hasChanged, { what: `readiness to be ${status}`, timeoutMs });
}
