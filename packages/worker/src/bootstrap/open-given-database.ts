import {
  fromPgPool,
  fromPostgres,
  isPgPool,
  type PgPoolLike,
} from "@tasker-observability/postgres";
import type pg from "pg";
import type { GivenPool } from "../options/option-types.js";
import { queryDirectly, cancelDirectly, connectThrough } from "./direct-queries.js";
import { createInstanceName } from "./instance-name.js";
import type { DatabaseContext, OpenDatabase } from "./opened-database.js";
import { retireReadOnlyConnections } from "./retire-read-only-connections.js";

export interface GivenDatabaseSettings {
  readonly preparedStatements: boolean;
  /** Where to LISTEN, where that was said. */
  readonly listenTo: string | undefined;
}

/**
 * Uses a pool of the application's, and leaves it open. What needs a connection past the pool (listening, watching the pool,
 * cancelling) takes the settings of a `pg` Pool; other pools tell none, and without a URL to listen on polling finds new steps.
 */
export function openGivenDatabase(
  given: GivenPool,
  { preparedStatements, listenTo }: GivenDatabaseSettings,
  { clock, logger, identity }: DatabaseContext,
): OpenDatabase {
  const target = isPgPool(given) ? settingsOf(given) : null;
  const direct = target ?? listenTo ?? null;
  const database = isPgPool(given)
    ? retireReadOnlyConnections(fromPgPool(given, { preparedStatements }), given)
    : fromPostgres(given, { preparedStatements });
  return {
    database,
    name: createInstanceName(identity.workerId),
    listenTo: listenTo ?? target,
    connect: (signal) =>
      direct === null ? database.ping(signal) : connectThrough(database, direct, signal),
    pingDirectly: () =>
      direct === null
        ? Promise.reject(new Error("Nobody knows where the pool connects to."))
        : queryDirectly(direct, clock, { text: "select 1" }),
    cancel: async (applicationName) => {
      if (direct !== null) await cancelDirectly(direct, applicationName, { clock, logger });
    },
    close: async () => undefined,
  };
}

/** What a pool of the driver itself connects with; null for what only looks like one. */
function settingsOf(pool: PgPoolLike): pg.ClientConfig | null {
  if (!("Client" in pool) || pool.options === undefined) return null;
  const settings = pool.options as pg.ClientConfig;
  // The driver hides the password from a copy.
  return { ...settings, password: settings.password };
}
