import type { Clock } from "@tasker-observability/core";
import { loggerOption, objectLike, textOption } from "@tasker-observability/core/options";
import * as z from "zod";

/** The part of a database client that the source needs: a `pg` Pool or Client fits. */
export interface RegistryClient {
  /** Runs one statement, with `values` bound to `$1` …. */
  query(
    text: string,
    values: readonly (string | number | null)[],
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
}

export const postgresSourceOptionsSchema = z.strictObject({
  /** Your own Pool or Client of `pg`, which stays open. */
  client: objectLike<RegistryClient>({ name: "a Pool or Client of pg", methods: ["query"] }),
  /** The schema of Tasker's tables. @default "tasker" */
  schema: z._default(textOption("the name of a schema"), "tasker"),
  /** Receives a warning about rows that are not listed because they lack a namespace, a name or a version. @default silent */
  logger: z.optional(loggerOption),
  /** The clock, for rows without a time of creation. @default the machine's */
  clock: z.optional(objectLike<Pick<Clock, "wallMs">>({ name: "a Clock", methods: ["wallMs"] })),
});
/** Options of `createPostgresSource`. */
export type PostgresSourceOptions = z.input<typeof postgresSourceOptionsSchema>;
