import { problemOf } from "@tasker-observability/core/options";
import { isStatementClient, type StatementClient } from "@tasker-observability/postgres";
import * as z from "zod/mini";

/** A client of yours with a transaction open: a `pg` Client and the `sql` of postgres.js' `sql.begin` fit as they are. */
export type EnqueueTransaction = StatementClient;

/** The schema of {@link EnqueueOptions}. */
export const enqueueOptionsSchema = z.strictObject({
  /** Enqueues by this client: the steps are there once you commit, and never where you roll back. @default a transaction of its own */
  transaction: z.optional(
    z.custom<EnqueueTransaction>(isStatementClient, {
      error: ({ path = [], input }) =>
        problemOf(
          path,
          "a client whose transaction is open: a pg Client, the sql of sql.begin, or { query: (text, values) => … }",
          input,
        ),
    }),
  ),
});
/** How steps are enqueued. */
export type EnqueueOptions = z.input<typeof enqueueOptionsSchema>;
