import { problemOf } from "@tasker-observability/core/options";
import { isStatementClient, type StatementClient } from "@tasker-observability/postgres";
import * as z from "zod/mini";

/** Your own client with an open transaction: a `pg` Client, or what your library hands to its transactions. */
export type EnqueueTransaction = StatementClient;

/** The schema of {@link EnqueueOptions}. */
export const enqueueOptionsSchema = z.strictObject({
  /** Sends the steps in this client's transaction: they are there once you commit, and never if you roll back. @default a separate transaction */
  transaction: z.optional(
    z.custom<EnqueueTransaction>(isStatementClient, {
      error: ({ path = [], input }) =>
        problemOf(
          path,
          "a client whose transaction is open: a pg Client, what your library hands to its transactions, or { query: async (text, values) => rows } around any other",
          input,
        ),
    }),
  ),
});
/** How steps are enqueued. */
export type EnqueueOptions = z.input<typeof enqueueOptionsSchema>;
