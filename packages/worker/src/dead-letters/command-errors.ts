import { classifyFailure } from "@tasker-observability/core";
import { OutputError } from "../console/outputs.js";
import { WorkerStartError } from "../start-error.js";
import { sqlStateOf } from "../queues/sql-failure.js";
import type { DeadLettersRequest } from "./arguments.js";
import { CommitLostError } from "./transaction.js";

/**
 * Says what failed, what to do, and what holds nevertheless.
 * @param settled - how many letters were retried or purged before.
 */
export function toCommandError(error: unknown, request: DeadLettersRequest, settled = 0): Error {
  if (error instanceof WorkerStartError || error instanceof OutputError) return error;
  return new WorkerStartError(
    `${whatFailed(error, request)} ${whatHolds(error, request, settled)}`,
    { cause: error },
  );
}

function whatFailed(error: unknown, { namespace }: DeadLettersRequest): string {
  if (error instanceof CommitLostError)
    return `The database was lost as it committed: ${classifyFailure(error.cause)}.`;
  const state = sqlStateOf(error);
  if (state === null) return `The dead letters could not be reached: ${classifyFailure(error)}.`;
  if (state === "42P01" && namespace !== null)
    return `There are no dead letters' queue and steps' queue of the namespace ${namespace} in this database.`;
  if (state === "55P03")
    return "Locked by somebody else for too long: try again (lock_timeout, SQLSTATE 55P03).";
  const kind = classifyFailure(error);
  return kind === "failed"
    ? `The database refused: SQLSTATE ${state}.`
    : `The database refused: ${kind} (SQLSTATE ${state}).`;
}

function whatHolds(error: unknown, { action }: DeadLettersRequest, settled: number): string {
  const done = action === "retry" ? "retried" : "purged";
  const before = settled === 0 ? "" : ` ${settled} were ${done} before and stay so.`;
  if (error instanceof CommitLostError && action !== "list")
    return `Whether the last ones were ${done} is not known: list them.${before}`;
  return settled === 0 ? "Nothing was changed." : `The rest was not ${done}.${before}`;
}
