import type { Logger } from "@tasker-observability/core";
import type { SqlConnection } from "@tasker-observability/postgres";
import { WorkerStartError } from "../start-error.js";
import type { NeededQueues } from "./prepare-queues.js";
import { readCatalog } from "./read-catalog.js";
import { hidingPoliciesText, missingRightsText } from "./rights-queries.js";

/**
 * Checks that this role may do with the queues what it will have to.
 * @throws WorkerStartError with all statements that give it what it lacks, as an administrator can paste them.
 */
export async function assertRights(connection: SqlConnection, queues: NeededQueues): Promise<void> {
  const rows = await readCatalog(connection, { text: missingRightsText, values: valuesOf(queues) });
  if (rows.length === 0) return;
  const statements = rows.map(({ statement }) => `${String(statement)};`).join(" ");
  throw new WorkerStartError(
    `This database role lacks rights that the worker needs. An administrator can run: ${statements}`,
  );
}

/** Warns of policies that let the role see some rows and not others: what they hide is never claimed, and looks like an empty queue. */
export async function warnOfHidingPolicies(
  connection: SqlConnection,
  queues: NeededQueues,
  logger: Logger,
): Promise<void> {
  const rows = await readCatalog(connection, {
    text: hidingPoliciesText,
    values: valuesOf(queues),
  });
  for (const { relation, policies } of rows)
    logger(
      "warn",
      "row level security may hide messages from this database role: what it hides is not worked on",
      { table: `pgmq.${String(relation)}`, policies: String(policies) },
    );
}

function valuesOf({ notifying, plain }: NeededQueues): readonly string[] {
  return [JSON.stringify(notifying), JSON.stringify(plain)];
}
