import {
  abortAfter,
  classifyFailure,
  type Clock,
  createBackoff,
  type Logger,
  sleep,
} from "@tasker-observability/core";
import { WorkerStartError } from "../start-error.js";
import { sqlStateOf } from "../queues/sql-failure.js";
import { isTransientAtStart, type StartPhase } from "./transient-start-failure.js";

/** A server that takes a connection and says nothing, as behind a proxy, is asked again on another one. */
const connectLimitMs = 10_000;
const delays = { firstMs: 250, maxMs: 5_000 };

export interface WaitForDatabaseOptions<T> {
  /** Asks the database what any can answer; safe to repeat. Its signal aborts after ten seconds, and when the waiting ends. */
  readonly connect: (signal: AbortSignal) => Promise<void>;
  /** Asks the database for what the worker needs; safe to repeat. */
  readonly prepare: () => Promise<T>;
  /** What the URL is called where it was set. @default the name in Tasker's files */
  readonly urlName?: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * Waits until the database answers and has what the worker needs: a worker that starts before its database is not ready, and
 * not dead.
 * @throws WorkerStartError at once where waiting would not help, and when the signal aborts; an error that is not the database's, as it is.
 */
export async function waitForDatabase<T>(options: WaitForDatabaseOptions<T>): Promise<T> {
  const { connect, prepare, clock, logger, signal } = options;
  let loggedFailure: string | undefined;
  const backoff = createBackoff(delays);
  for (;;) {
    assertNotStopped(signal);
    let phase: StartPhase = "connecting";
    try {
      await abortAfter(connect, { clock, timeoutMs: connectLimitMs, signal });
      phase = "preparing";
      return await prepare();
    } catch (error) {
      assertNotStopped(signal);
      throwIfPermanent(error, phase, options);
      const kind = classifyFailure(error);
      const sqlState = sqlStateOf(error);
      // The same error with its stack, time and again, would bury what the first one says.
      logger("warn", textOf(phase, sqlState), {
        kind,
        ...(sqlState === null ? {} : { sql_state: sqlState }),
        retry_in_ms: backoff.peek(),
        ...(`${kind} ${sqlState}` === loggedFailure ? {} : { error }),
      });
      loggedFailure = `${kind} ${sqlState}`;
    }
    await sleep(backoff.next(), { clock, signal });
  }
}

function textOf(phase: StartPhase, sqlState: string | null): string {
  if (sqlState === "55P03")
    return "a table that the start needs is in use: the start tries again, and keeps nobody waiting";
  return phase === "connecting"
    ? "the database cannot be reached: see to it, or to DATABASE_URL"
    : "the database was reached, and the start was interrupted: it tries again";
}

function assertNotStopped(signal: AbortSignal): void {
  if (signal.aborted)
    throw new WorkerStartError("The worker was stopped before its database could be reached.");
}

function throwIfPermanent(
  error: unknown,
  phase: StartPhase,
  {
    logger,
    urlName = "common.database.url (DATABASE_URL)",
  }: Pick<WaitForDatabaseOptions<unknown>, "logger" | "urlName">,
): void {
  if (error instanceof WorkerStartError) throw error;
  if (isTransientAtStart(error, phase)) return;
  const kind = classifyFailure(error);
  const sqlState = sqlStateOf(error);
  if (phase === "preparing" && sqlState === null) throw error;
  logger("error", "the database refused the worker", {
    kind,
    ...(sqlState === null ? {} : { sql_state: sqlState }),
    error,
  });
  throw new WorkerStartError(
    phase === "connecting"
      ? `The database refused the worker: ${kind}. Check ${urlName}.`
      : `The database was reached and refused what the worker needs of it: ${kind} (SQLSTATE ${sqlState}). The worker's log has the cause.`,
    { cause: error },
  );
}
