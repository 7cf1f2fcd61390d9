import { loadConfig, type LoadedConfig } from "@tasker-observability/config";
import { requireDatabaseUrl } from "../console/database-url.js";
import { formatGroupHelp } from "../console/format-group-help.js";
import { OutputError } from "../console/outputs.js";
import { CommandError } from "../console/command-error.js";
import { type ChangeRequest, deadLettersCommands, parseDeadLettersArguments } from "./arguments.js";
import { toCommandError } from "./command-errors.js";
import { listDeadLetters, printDeadLetters } from "./list-dead-letters.js";
import type { DeadLettersOutput } from "./output.js";
import { findMissingIds } from "./read-dead-letters.js";
import { purge, redrive } from "./redrive-and-purge.js";
import { type RunInTransaction, withTransactions } from "./transaction.js";

const changes = { retry: redrive, purge } as const;

/**
 * Runs `tasker-worker dead-letters …`.
 * @throws CommandError that says what failed and what to do.
 * @throws OutputError if its lines cannot be written.
 */
export async function runDeadLetters(
  args: readonly string[],
  output: DeadLettersOutput,
  config: () => LoadedConfig = loadConfig,
): Promise<void> {
  const request = parseDeadLettersArguments(args);
  if (request === null) {
    await output.print(formatGroupHelp(deadLettersCommands));
    return;
  }
  const { settings, redactor } = config();
  // A reason may contain a secret. With --json the message stays as it is stored.
  const redacted = request.json
    ? output
    : { ...output, print: (line: string) => output.print(redactor.text(line)) };
  await withTransactions(requireDatabaseUrl(settings), async (runInTransaction) => {
    if (request.action === "list")
      await runInTransaction((client) => listDeadLetters(client, request, redacted));
    else await changeDeadLetters(runInTransaction, request, redacted);
  }).catch((error: unknown) => {
    throw toCommandError(error, request);
  });
}

/** @throws CommandError that lists the ids without a dead letter, after the others are changed. */
async function changeDeadLetters(
  runInTransaction: RunInTransaction,
  request: ChangeRequest,
  output: DeadLettersOutput,
): Promise<void> {
  const missing = await runInTransaction((client) => findMissingIds(client, request));
  await (request.dryRun ? dryRun : change)(runInTransaction, request, output);
  if (missing.length > 0)
    throw new CommandError(
      `No dead letters of ${request.namespace}${request.code === null ? "" : " with this code"} have these ids: ${missing.join(", ")}.`,
    );
}

async function dryRun(
  runInTransaction: RunInTransaction,
  request: ChangeRequest,
  { print }: DeadLettersOutput,
): Promise<void> {
  const count = await runInTransaction((client) => printDeadLetters(client, request, print));
  await print(summaryOf(request, count));
}

async function change(
  runInTransaction: RunInTransaction,
  request: ChangeRequest,
  { print }: DeadLettersOutput,
): Promise<void> {
  let count = 0;
  try {
    for await (const changed of changes[request.action](runInTransaction, request))
      count += changed;
  } catch (error) {
    // A failure to print must not replace the first error.
    if (count > 0) await print(summaryOf(request, count)).catch(() => undefined);
    throw toCommandError(error, request, count);
  }
  await print(summaryOf(request, count)).catch((error: unknown) => {
    if (!(error instanceof OutputError)) throw error;
    // The work is committed, so a reader that has left is not a failure.
    if (!error.isReaderGone)
      throw new CommandError(`${error.message} ${summaryOf({ ...request, json: false }, count)}.`, {
        cause: error,
      });
  });
}

function summaryOf({ namespace, action, dryRun, json }: ChangeRequest, count: number): string {
  if (json) return JSON.stringify({ namespace, action, dry_run: dryRun, count });
  const counted = `${count} dead ${count === 1 ? "letter" : "letters"} of ${namespace}`;
  if (dryRun) return `dry run: ${counted} to ${action}`;
  return `${counted} ${action === "retry" ? "retried" : "purged"}`;
}
