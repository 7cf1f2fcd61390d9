import { classifyFailure } from "@tasker-observability/postgres";
import { OutputError } from "../console/outputs.js";
import { CommandError } from "../console/command-error.js";
import { sqlStateOf } from "../queues/sql-failure.js";
import type { DeadLettersRequest } from "./arguments.js";
import { CommitLostError } from "./transaction.js";

/**
 * An error that says what failed, what to do, and which changes are committed.
 * @param changed - how many dead letters were retried or purged before the failure.
 */
export function toCommandError(error: unknown, request: DeadLettersRequest, changed = 0): Error {
  if (error instanceof CommandError || error instanceof OutputError) return error;
  return new CommandError(
    `${whatFailed(error, request)} ${whatIsCommitted(error, request, changed)}`,
    { cause: error },
  );
}

function whatFailed(error: unknown, { namespace }: DeadLettersRequest): string {
  if (error instanceof CommitLostError)
    return `The database connection was lost during a commit: ${classifyFailure(error.cause)}.`;
  const state = sqlStateOf(error);
  if (state === null) return `The dead letters could not be reached: ${classifyFailure(error)}.`;
  if (state === "42P01" && namespace !== null)
    return `The namespace ${namespace} has no queues in this database: check --namespace, and the database URL.`;
  if (state === "55P03")
    return "Another transaction locked the queue for too long: try again (lock_timeout, SQLSTATE 55P03).";
  const kind = classifyFailure(error);
  return kind === "failed"
    ? `The database rejected the command: SQLSTATE ${state}.`
    : `The database rejected the command: ${kind} (SQLSTATE ${state}).`;
}

function whatIsCommitted(error: unknown, { action }: DeadLettersRequest, changed: number): string {
  const done = action === "retry" ? "retried" : "purged";
  const before = changed === 0 ? "" : ` ${changed} were already ${done}.`;
  if (error instanceof CommitLostError && action !== "list")
    return `Run list to see whether the last ones were ${done}.${before}`;
  return changed === 0 ? "Nothing was changed." : `The rest was not ${done}.${before}`;
}
