import { loadConfig, type LoadedConfig } from "@tasker-observability/config";
import { OutputError } from "../console/outputs.js";
import { WorkerStartError } from "../start-error.js";
import { deadLettersUsage, parseDeadLettersArguments, type ChangeRequest } from "./arguments.js";
import { listDeadLetters, printDeadLetters } from "./list-dead-letters.js";
import type { DeadLettersOutput } from "./output.js";
import { findMissingIds } from "./read-dead-letters.js";
import { toCommandError } from "./command-errors.js";
import { redriveOrPurge } from "./redrive-and-purge.js";
import { type Transaction, withTransactions } from "./transaction.js";

/**
 * `tasker-worker dead-letters …`.
 * @throws WorkerStartError that says what to do.
 * @throws OutputError where its lines cannot be written.
 */
export async function runDeadLetters(
  args: readonly string[],
  output: DeadLettersOutput,
  config: () => LoadedConfig = loadConfig,
): Promise<void> {
  const request = parseDeadLettersArguments(args);
  if (request === null) {
    await output.print(deadLettersUsage);
    return;
  }
  const { settings, redactor } = config();
  const { url } = settings.common.database;
  if (url.empty)
    throw new WorkerStartError(
      "There is no database to ask: set common.database.url (DATABASE_URL). A worker's embedded database goes when the worker goes.",
    );
  // Somebody else can have written the reason. A whole letter stays as it is stored.
  const shown = request.json
    ? output
    : { ...output, print: (line: string) => output.print(redactor.text(line)) };
  await withTransactions(url.reveal(), async (transaction) => {
    if (request.action === "list")
      await transaction((client) => listDeadLetters(client, request, shown));
    else await changeDeadLetters(transaction, request, shown);
  }).catch((error: unknown) => {
    throw toCommandError(error, request);
  });
}

/** What somebody names is not passed over in silence where it is not there. */
async function changeDeadLetters(
  transaction: Transaction,
  request: ChangeRequest,
  output: DeadLettersOutput,
): Promise<void> {
  const missing = await transaction((client) => findMissingIds(client, request));
  await (request.dryRun ? dryRun : settle)(transaction, request, output);
  if (missing.length > 0)
    throw new WorkerStartError(
      `Not among the dead letters of ${request.namespace}${request.code === null ? "" : " with this code"}: ${missing.join(", ")}.`,
    );
}

async function dryRun(
  transaction: Transaction,
  request: ChangeRequest,
  { print }: DeadLettersOutput,
): Promise<void> {
  const count = await transaction((client) => printDeadLetters(client, request, print));
  await print(summaryOf(request, count));
}

async function settle(
  transaction: Transaction,
  request: ChangeRequest,
  { print }: DeadLettersOutput,
): Promise<void> {
  let count = 0;
  try {
    for await (const settled of redriveOrPurge(transaction, request, request.action))
      count += settled;
  } catch (error) {
    // The reason is to be told, whoever reads this.
    if (count > 0) await print(summaryOf(request, count)).catch(() => undefined);
    throw toCommandError(error, request, count);
  }
  await print(summaryOf(request, count)).catch((error: unknown) => {
    if (!(error instanceof OutputError)) throw error;
    // It is done, and the exit code says so to whoever reads no more.
    if (!error.isReaderGone)
      throw new WorkerStartError(
        `${error.message} ${summaryOf({ ...request, json: false }, count)}.`,
        { cause: error },
      );
  });
}

function summaryOf({ namespace, action, dryRun, json }: ChangeRequest, count: number): string {
  if (json) return JSON.stringify({ namespace, action, dry_run: dryRun, count });
  return `${count} dead ${count === 1 ? "letter" : "letters"} of ${namespace} ${dryRun ? "would be " : ""}${action === "retry" ? "retried" : "purged"}`;
}
