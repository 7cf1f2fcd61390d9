import { abortAfter, type WorkerContext } from "@tasker-observability/core";
import type { SqlClient } from "@tasker-observability/postgres";
import { createWatchdog, type Watchdog } from "./watchdog.js";

export interface SharedIdWatchdogOptions {
  readonly context: Pick<WorkerContext, "clock" | "logger" | "identity">;
  readonly database: SqlClient;
  /** The setting of the worker's id, for the warning. */
  readonly workerIdSetting: string;
  /** How other workers recognize this one's connections: a tag for its id, and a part that is unique to this instance. */
  readonly name: { readonly idTag: string; readonly instance: string };
}

const everyMs = 10_000;
const limitMs = 5_000;
/** After the first minute it queries the database once a minute, unless it has seen another worker. */
const checksAMinute = 6;

/**
 * Other workers with the id whose connections were recently active: each worker queries the database every few seconds.
 * A pooler keeps connections under the names of stopped workers, but those are inactive.
 */
const othersSql = `
  select distinct right(application_name, 8) as instance
    from pg_catalog.pg_stat_activity
   where datname = current_database()
     and application_name like 'tasker-worker %' and right(application_name, 17) like $1 || '/%'
     and right(application_name, 8) <> $2
     and (state <> 'idle' or state_change > now() - interval '10 seconds')`;

/**
 * Warns if another worker with the same id uses the same database in two checks ten seconds apart, so that a worker
 * that drains while its successor starts does not count. It sees the workers of its own database role.
 */
export function createSharedIdWatchdog(options: SharedIdWatchdogOptions): Watchdog {
  const { clock, logger, identity } = options.context;
  let checks = 0;
  let seen: ReadonlySet<string> = new Set();
  let isShared = false;
  return createWatchdog({
    clock,
    everyMs,
    async check() {
      checks += 1;
      if (checks > checksAMinute && checks % checksAMinute !== 0 && seen.size === 0) return;
      const others = await findOthers(options);
      if (others === null) return;
      const stay = others.some((other) => seen.has(other));
      if (stay && !isShared)
        logger(
          "warn",
          `another worker with the same id uses this database: their health, metrics and logs cannot be told apart. Give each its own id (${options.workerIdSetting})`,
          { worker_id: identity.workerId },
        );
      isShared = isShared ? others.length > 0 : stay;
      seen = new Set(others);
    },
  });
}

/** Null if the database does not answer, which other parts report. */
async function findOthers({
  context: { clock },
  database,
  name: { idTag, instance },
}: SharedIdWatchdogOptions): Promise<readonly string[] | null> {
  try {
    return await abortAfter(
      async (signal) =>
        database.withConnection(
          async (connection) => {
            const rows = await connection.query({ text: othersSql, values: [idTag, instance] });
            return rows.map((row) => String(row.instance));
          },
          { signal },
        ),
      { clock, timeoutMs: limitMs },
    );
  } catch {
    return null;
  }
}
