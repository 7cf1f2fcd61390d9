import {
  abortAfter,
  type Clock,
  createBackoff,
  type Logger,
  sleep,
} from "@tasker-observability/core";
import { classifyFailure } from "@tasker-observability/postgres";
import { WorkerStartError } from "../worker-start-error.js";
import { sqlStateOf } from "../queues/sql-failure.js";
import { isTransientAtStart, type StartPhase } from "./transient-start-failure.js";

/** If a server accepts a connection but does not answer in this time, as behind a proxy, a new connection is tried. */
const connectTimeoutMs = 10_000;
const delays = { firstMs: 250, maxMs: 5_000 };

export interface WaitForDatabaseOptions<T> {
  /** Runs a query that any database answers; safe to repeat. The signal aborts after ten seconds, and when the wait ends. */
  readonly connect: (signal: AbortSignal) => Promise<void>;
  /** Prepares what the worker needs; safe to repeat. */
  readonly prepare: () => Promise<T>;
  /** What the setting of the database is called, for messages. */
  readonly databaseSetting: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Stops waiting. */
  readonly signal: AbortSignal;
}

/**
 * Waits until the database answers and is prepared: a worker that starts before its database is alive but not ready.
 * @throws WorkerStartError immediately if waiting does not help, and when the signal aborts; errors from elsewhere unchanged.
 */
export async function waitForDatabase<T>(options: WaitForDatabaseOptions<T>): Promise<T> {
  const { connect, prepare, databaseSetting, clock, logger, signal } = options;
  let loggedFailure: string | undefined;
  const backoff = createBackoff(delays);
  for (;;) {
    assertNotStopped(signal);
    let phase: StartPhase = "connecting";
    try {
      await abortAfter(connect, { clock, timeoutMs: connectTimeoutMs, signal });
      phase = "preparing";
      return await prepare();
    } catch (error) {
      assertNotStopped(signal);
      throwIfPermanent(error, phase, options);
      const kind = classifyFailure(error);
      const sqlState = sqlStateOf(error);
      // The stack is logged once for each kind of failure.
      logger("warn", textOf(phase, sqlState, databaseSetting), {
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

function textOf(phase: StartPhase, sqlState: string | null, databaseSetting: string): string {
  if (sqlState === "55P03")
    return "a table that the start needs is in use: trying again later, without blocking others";
  return phase === "connecting"
    ? `the database cannot be reached: check the server and ${databaseSetting}`
    : "the database was reached, but the start was interrupted: trying again";
}

function assertNotStopped(signal: AbortSignal): void {
  if (signal.aborted)
    throw new WorkerStartError("The worker was stopped before its database could be reached.");
}

function throwIfPermanent(
  error: unknown,
  phase: StartPhase,
  { logger, databaseSetting }: Pick<WaitForDatabaseOptions<unknown>, "logger" | "databaseSetting">,
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
      ? `The database refused the worker: ${kind}. Check ${databaseSetting}.`
      : `The database refused a statement that the worker needs: ${kind} (SQLSTATE ${sqlState}). See the worker's log for the cause.`,
    { cause: error },
  );
}
