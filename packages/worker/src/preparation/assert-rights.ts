import type { Logger } from "@tasker-observability/core";
import type { SqlConnection } from "@tasker-observability/postgres";
import { WorkerStartError } from "../worker-start-error.js";
import type { NeededQueues } from "./needed-queues.js";
import { readCatalog } from "./read-catalog.js";
import { hidingPoliciesSql, missingRightsSql } from "./rights-queries.js";

/**
 * Checks that this role has every right on the queues that a worker needs.
 * @throws WorkerStartError with the statements that grant the missing rights, ready to paste.
 */
export async function assertRights(connection: SqlConnection, queues: NeededQueues): Promise<void> {
  const rows = await readCatalog(connection, { text: missingRightsSql, values: valuesOf(queues) });
  if (rows.length === 0) return;
  const statements = rows.map(({ statement }) => `${String(statement)};`).join(" ");
  throw new WorkerStartError(
    `This database role lacks rights that the worker needs. An administrator can run: ${statements}`,
  );
}

/**
 * Warns about policies that hide some rows from the role: hidden messages are never claimed, and the queue looks
 * empty.
 */
export async function warnOfHidingPolicies(
  connection: SqlConnection,
  queues: NeededQueues,
  logger: Logger,
): Promise<void> {
  const rows = await readCatalog(connection, {
    text: hidingPoliciesSql,
    values: valuesOf(queues),
  });
  for (const { relation, policies } of rows)
    logger(
      "warn",
      "row level security may hide messages from this database role: the worker cannot claim those",
      { table: `pgmq.${String(relation)}`, policies: String(policies) },
    );
}

function valuesOf({ stepQueues, sendOnlyQueues }: NeededQueues): readonly string[] {
  return [JSON.stringify(stepQueues), JSON.stringify(sendOnlyQueues)];
}
