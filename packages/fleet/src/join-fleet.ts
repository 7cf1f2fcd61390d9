import type { Fleet } from "@tasker-observability/core";
import {
  contextOption,
  functionOption,
  objectLike,
  parseOptions,
  valueOption,
} from "@tasker-observability/core/options";
import {
  fromPgPool,
  fromPostgres,
  isPgPool,
  isPostgresSql,
  type PgPoolLike,
  type PostgresSqlLike,
  type SqlClient,
} from "@tasker-observability/postgres";
import * as z from "zod/mini";
import { createFleetReporter, type ReadinessSource } from "./fleet-reporter.js";
import { createFleetStore } from "./fleet-store.js";

export const joinFleetOptionsSchema = z.strictObject({
  /** The database that the workers share; it stays yours, and open. */
  database: valueOption<PgPoolLike | PostgresSqlLike>(
    "a pg Pool or postgres.js' sql",
    (value) => isPgPool(value) || isPostgresSql(value),
    "`pg` Pool or postgres.js `sql`",
  ),
  /** The worker to report. */
  context: contextOption,
  /** Whose readiness to report: a health service. */
  health: objectLike<ReadinessSource>({ name: "a HealthService", methods: ["readiness"] }),
  /** Where the worker answers HTTP. @default nowhere */
  url: z.optional(functionOption<() => string | null>("() => string | null")),
});

/** Options of {@link joinFleet}. */
export type JoinFleetOptions = z.input<typeof joinFleetOptionsSchema>;

/** A worker's place in the fleet. */
export interface FleetMembership {
  /** The whole fleet: the port `fleet` of a context, from which `fleet_list` answers. */
  readonly fleet: Fleet;
  /** Resolves once the worker has tried to report itself for the first time. Never rejects. */
  readonly joined: Promise<void>;
  /** Removes the worker from the fleet. Never rejects. */
  leave(): Promise<void>;
}

/**
 * Reports a worker of your own to the fleet of its database: at once, every ten seconds and when its lifecycle changes. If the
 * database refuses, one log line says so, and the worker works on.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options.
 * @example
 * const { fleet, leave } = joinFleet({ database: pool, context, health });
 * process.once("SIGTERM", leave);
 */
export function joinFleet(options: JoinFleetOptions): FleetMembership {
  const {
    database,
    context,
    health,
    url = () => null,
  } = parseOptions("joinFleet", joinFleetOptionsSchema, options);
  const store = createFleetStore({ client: toClient(database), clock: context.clock });
  const reporter = createFleetReporter({ store, context, health, url });
  const joined = reporter.start();
  return Object.freeze({ fleet: store, joined, leave: () => reporter.stop() });
}

function toClient(database: PgPoolLike | PostgresSqlLike): SqlClient {
  return isPgPool(database) ? fromPgPool(database) : fromPostgres(database);
}
