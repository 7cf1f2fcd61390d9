import { parseOptions } from "@tasker-observability/core/options";
import { runStatement } from "@tasker-observability/postgres";
import type { EnqueueOptions, StepToEnqueue } from "@tasker-observability/producer";
import {
  assertStored,
  enqueueOptionsSchema,
  enqueueStatement,
  toEnqueueError,
} from "@tasker-observability/producer/sql";
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
  const statement = enqueueStatement(steps, {
    nowMs: context.clock.wallMs(),
    enqueuedAt: context.timestamp(),
    notifies: settings.notifications === "auto",
    answersIds: false,
    nameOf: (index) => `steps[${index}]`,
  });
  const { queueName } = statement;
  try {
    if (transaction === undefined) await engine.enqueue(statement);
    else assertStored(await runStatement(transaction, statement), `Steps for ${queueName}`);
  } catch (error) {
    throw toEnqueueError(error, { queueName, steps });
  }
}

/** The arguments of `enqueue`: steps one by one, or a list of them and options. */
export function readEnqueueArguments(
  args: readonly unknown[],
): { readonly steps: readonly StepToEnqueue[] } & EnqueueOptions {
  if (!Array.isArray(args[0])) return { steps: args as StepToEnqueue[] };
  const [steps, options = {}] = args;
  const { transaction } = parseOptions("enqueue", enqueueOptionsSchema, options);
  return { steps: steps as readonly StepToEnqueue[], transaction };
}
