import type { Clock, Logger } from "@tasker-observability/core";
import { failureMessage } from "@tasker-observability/health";
import { WorkerStartError } from "../start-error.js";
import { isPassing, sqlStateOf } from "../steps/sql-failure.js";

/** What a server that was reached says of an address or a user that is not the right one. */
const faultsOfUrl = new Set([
  "authentication_failed",
  "database_not_found",
  "permission_denied",
  "protocol_violation",
]);

const delaysMs = { first: 250, most: 5_000 };

export interface ReachDatabaseOptions<T> {
  /** Asks the database for what the worker needs; safe to repeat. */
  readonly open: () => Promise<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * Waits until the database answers: a worker that starts before its database is not ready, and not dead.
 * @throws WorkerStartError at once where waiting would not help, and when the signal aborts.
 */
export async function reachDatabase<T>({
  open,
  clock,
  logger,
  signal,
}: ReachDatabaseOptions<T>): Promise<T> {
  let toldOf: string | undefined;
  for (let delayMs = delaysMs.first; ; delayMs = Math.min(delayMs * 2, delaysMs.most)) {
    refuseStopped(signal);
    try {
      return await open();
    } catch (error) {
      refuseStopped(signal);
      refuseLasting(error, logger);
      const kind = failureMessage(error);
      // The same error with its stack, time and again, would bury what the first one says.
      logger("warn", "the database cannot be reached: see to it, or to DATABASE_URL", {
        kind,
        retry_in_ms: delayMs,
        ...(kind === toldOf ? {} : { error }),
      });
      toldOf = kind;
    }
    await sleep(clock, delayMs, signal);
  }
}

function refuseStopped(signal: AbortSignal): void {
  if (signal.aborted)
    throw new WorkerStartError("The worker was stopped before its database could be reached.");
}

function refuseLasting(error: unknown, logger: Logger): void {
  if (error instanceof WorkerStartError) throw error;
  const kind = failureMessage(error);
  if (isPassing(kind)) return;
  const sqlState = sqlStateOf(error);
  if (sqlState === null || faultsOfUrl.has(kind))
    throw new WorkerStartError(
      `The database refused the worker: ${kind}. Check common.database.url (DATABASE_URL).`,
      { cause: error },
    );
  logger("error", "the database refused what the worker needs of it", {
    kind,
    sql_state: sqlState,
    error,
  });
  throw new WorkerStartError(
    `The database was reached and refused what the worker needs of it: ${kind} (SQLSTATE ${sqlState}). The worker's log has the cause.`,
    { cause: error },
  );
}

async function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  let wake: () => void = () => undefined;
  await new Promise<void>((resolve) => {
    const cancel = clock.after(ms, resolve);
    wake = () => {
      cancel();
      resolve();
    };
    signal.addEventListener("abort", wake, { once: true });
  });
  signal.removeEventListener("abort", wake);
}
