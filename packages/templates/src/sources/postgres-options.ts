import type { Clock, Logger } from "@tasker-observability/core";
import {
  givenOptions,
  hasAll,
  loggerProblems,
  nameProblems,
  refuseProblems,
  shapeProblems,
} from "@tasker-observability/core/options";

/** The part of a database client that the source needs: a `pg` Pool or Client fits as it is. */
export interface RegistryClient {
  query(
    text: string,
    values: readonly (string | number | null)[],
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
}

/** Options of `createPostgresSource`. */
export interface PostgresSourceOptions {
  /** The application's own; it is never closed. */
  readonly client: RegistryClient;
  /** The schema that holds Tasker's tables. @default "tasker" */
  readonly schema?: string | undefined;
  /** Told of rows that cannot be listed for they lack a namespace, a name or a version. @default silent */
  readonly logger?: Logger | undefined;
  /** @default the machine's */
  readonly clock?: Pick<Clock, "wallMs"> | undefined;
}

const known: Readonly<Record<keyof PostgresSourceOptions, true>> = {
  client: true,
  schema: true,
  logger: true,
  clock: true,
};

/** @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options. */
export function refuseWrongOptions(options: unknown): void {
  const { client, schema, logger, clock } = givenOptions(options);
  refuseProblems([
    ...nameProblems("createPostgresSource", options, Object.keys(known)),
    ...(hasAll(client, ["query"], "function")
      ? []
      : ["client must be a Pool or Client of pg, or have query() as they have."]),
    ...(schema === undefined || (typeof schema === "string" && schema !== "")
      ? []
      : ["schema must be the name of a schema."]),
    ...loggerProblems(logger),
    ...shapeProblems(clock, ["wallMs"], "clock must have wallMs(), as the machine's has."),
  ]);
}
