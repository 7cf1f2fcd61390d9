import {
  fromPgPool,
  fromPostgres,
  isPgPool,
  type PgPoolLike,
} from "@tasker-observability/postgres";
import type pg from "pg";
import type { ConnectionTarget } from "../notification-listener/direct-connection.js";
import type { GivenPool } from "../options/database-option.js";
import { queryDirectly, cancelDirectly, pingOrExplain } from "./direct-queries.js";
import { createInstanceName } from "./instance-name.js";
import type { DatabaseContext, DatabaseHandle } from "./database-handle.js";
import { withReadOnlyRetry } from "./with-read-only-retry.js";

export interface GivenDatabaseSettings {
  readonly preparedStatements: boolean;
  /** Where to LISTEN, if it was configured. */
  readonly listenTarget: ConnectionTarget | undefined;
}

/**
 * Uses the application's pool, and leaves it open. Listening, watching the pool and cancelling need a connection outside of it,
 * which takes the settings of a `pg` Pool. Other pools expose none: without `listenUrl`, polling finds new steps.
 */
export function openGivenDatabase(
  given: GivenPool,
  { preparedStatements, listenTarget }: GivenDatabaseSettings,
  { clock, logger, identity }: DatabaseContext,
): DatabaseHandle {
  const target = isPgPool(given) ? settingsOf(given) : null;
  const direct = target ?? listenTarget ?? null;
  const database = isPgPool(given)
    ? withReadOnlyRetry(fromPgPool(given, { preparedStatements }), given)
    : fromPostgres(given, { preparedStatements });
  return {
    database,
    instanceName: createInstanceName(identity.workerId),
    listenTarget: listenTarget ?? target,
    ping: (signal) =>
      direct === null ? database.ping(signal) : pingOrExplain(database, direct, signal),
    pingDirectly: () =>
      direct === null
        ? Promise.reject(new Error("The pool does not expose its connection settings."))
        : queryDirectly(direct, clock, { text: "select 1" }),
    cancel: async (applicationName) => {
      if (direct !== null) await cancelDirectly(direct, applicationName, { clock, logger });
    },
    close: async () => undefined,
  };
}

/** The connection settings of a real `pg` Pool; null for an object of the same shape. */
function settingsOf(pool: PgPoolLike): pg.ClientConfig | null {
  if (!("Client" in pool) || pool.options === undefined) return null;
  const settings = pool.options as pg.ClientConfig;
  // The password is not enumerable: a spread does not copy it.
  return { ...settings, password: settings.password };
}
