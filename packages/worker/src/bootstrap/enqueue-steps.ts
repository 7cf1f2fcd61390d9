import { enqueueStatement, readEnqueueArguments, toEnqueueError } from "../queues/enqueue.js";
import { assertStored } from "../queues/sql-failure.js";
import type { WorkerParts } from "./worker-parts.js";

/**
 * Sends steps in one statement, in the caller's transaction if one is given.
 * @param args - those of `Worker.enqueue`.
 * @throws as `Worker.enqueue`.
 */
export async function enqueueSteps(
  { settings, context, engine }: Pick<WorkerParts, "settings" | "context" | "engine">,
  args: readonly unknown[],
): Promise<void> {
  const { steps, transaction } = readEnqueueArguments(args);
  if (steps.length === 0) return;
  const notifies = settings.notifications === "auto";
  const statement = enqueueStatement(steps, context.timestamp(), notifies);
  try {
    if (transaction === undefined) await engine.enqueue(statement);
    else
      assertStored(
        await transaction.query(statement.text, statement.values),
        `Steps for ${String(statement.values[0])}`,
      );
  } catch (error) {
    throw toEnqueueError(error, steps);
  }
}
