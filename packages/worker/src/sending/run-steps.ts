import { loadConfig, type LoadedConfig } from "@tasker-observability/config";
import { ObservabilityError } from "@tasker-observability/core";
import { classifyFailure } from "@tasker-observability/postgres";
import { createStepProducer, EnqueueError, NotStoredError } from "@tasker-observability/producer";
import pg from "pg";
import { requireDatabaseUrl } from "../console/database-url.js";
import { formatGroupHelp } from "../console/format-group-help.js";
import { isTransient, sqlStateOf } from "../queues/sql-failure.js";
import { CommandError } from "../console/command-error.js";
import { parseSendArguments, sendCommand } from "./arguments.js";

/** Where the command writes its lines. */
export interface SendOutput {
  readonly print: (line: string) => Promise<void>;
}

/**
 * Runs `tasker-worker steps send`.
 * @throws CommandError that says what is wrong with the step or the database, and what to do.
 */
export async function runSteps(
  args: readonly string[],
  { print }: SendOutput,
  config: () => LoadedConfig = loadConfig,
): Promise<void> {
  const request = parseSendArguments(args);
  if (request === null) return print(formatGroupHelp([sendCommand]));
  const { settings } = config();
  const pool = new pg.Pool({
    connectionString: requireDatabaseUrl(settings),
    max: 1,
    application_name: "tasker-steps",
    connectionTimeoutMillis: 5_000,
  });
  pool.on("error", () => undefined);
  try {
    const producer = createStepProducer({
      database: pool,
      notifications: settings.worker.notifications,
    });
    const { stepId, messageId } = await producer.enqueue(request.step);
    const queue = `${request.step.template.namespace}_queue`;
    await print(
      request.json
        ? JSON.stringify({ step_id: stepId, queue, message_id: messageId })
        : `step ${stepId} is on ${queue}, message ${messageId}`,
    );
  } catch (error) {
    throw toSendError(error);
  } finally {
    await pool.end();
  }
}

function toSendError(error: unknown): unknown {
  if (
    ObservabilityError.isInstance(error) ||
    error instanceof EnqueueError ||
    error instanceof NotStoredError
  )
    return new CommandError(error.message, { cause: error });
  const kind = classifyFailure(error);
  if (sqlStateOf(error) === null && !isTransient(kind)) return error;
  return new CommandError(`The step could not be sent: ${kind}.`, { cause: error });
}
