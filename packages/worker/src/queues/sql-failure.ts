import type { FailureKind } from "@tasker-observability/core";

/** What passes by itself: the server is starting, failing over, or full. Any other failure needs somebody to change something. */
const transient: ReadonlySet<FailureKind> = new Set<FailureKind>([
  "connection_refused",
  "connection_reset",
  "connection_timeout",
  "connection_closed",
  "connection_failed",
  "host_not_found",
  "host_unreachable",
  // The socket of a server that has not started yet.
  "not_found",
  "too_many_connections",
  "pool_exhausted",
  "starting_up",
  "shutting_down",
  "timeout",
  "embedded_server_restarting",
]);

/** Whether the database was out of reach, rather than answered and refused. */
export function isTransient(kind: FailureKind): boolean {
  return transient.has(kind);
}

/** The SQLSTATE of what a database driver threw; null where the database did not answer at all. */
export function sqlStateOf(error: unknown): string | null {
  const code: unknown =
    typeof error === "object" && error !== null && "code" in error ? error.code : null;
  // Five letters alone would let EPIPE pass.
  return typeof code === "string" && /^(?:\d[0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/.test(code)
    ? code
    : null;
}

/**
 * A transaction that the database refused, and whose connection it served afterwards: whatever its SQLSTATE says (a trigger or a
 * foreign table of one queue may raise any), the database is there.
 */
export class TransactionRefusedError extends Error {
  /** The SQLSTATE of what was thrown. */
  readonly code: string;

  constructor(code: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "TransactionRefusedError";
    this.code = code;
  }
}

/** What befalls all queues alike: no connection, no right to one, no such database, no resources, a shutdown, a read-only server. */
const databaseFaults = ["08", "25", "28", "3D", "53", "57P"];

/** Whether one queue is in a bad way (dropped, forbidden, locked, slow, damaged, with a trigger that raises) and the others need not be. */
export function isQueueFault(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (error instanceof TransactionRefusedError) return true;
  return state !== null && !databaseFaults.some((start) => state.startsWith(start));
}

/** Whether a transaction may be committed though it failed: no answer came, or maybe that of a pooler which lost the server. */
export function isCommitUncertain(error: unknown): boolean {
  return !isQueueFault(error) || error instanceof TransactionRefusedError;
}

/** What befalls all that is written to a queue alike: it is missing or forbidden, locked, or too slow, or transactions conflict. */
const wholeQueueFaults = ["3F", "40", "42", "55", "57"];

/** Whether the database refused something in what it was given (values, or what a trigger says of them): less of it may pass. */
export function isRowRejected(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (error instanceof TransactionRefusedError) return true;
  return (
    state !== null &&
    isQueueFault(error) &&
    !wholeQueueFaults.some((start) => state.startsWith(start))
  );
}

/** Whether a statement was canceled, as its time was over: it may have been too much at once. */
export function isTooSlow(error: unknown): boolean {
  return sqlStateOf(error) === "57014";
}

/** Whether the database can never hold a value: it is of another encoding, no JSON of PostgreSQL's, or beyond a limit. */
export function isNotStorable(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== null && ["22", "54"].some((start) => state.startsWith(start));
}

/** A trigger or rule of a queue let a statement succeed without what it was to write: nothing of it is committed. */
export class NotStoredError extends Error {
  /** As PostgreSQL calls what a trigger does. */
  readonly code = "09000";

  constructor(what: string) {
    super(
      `${what} were not stored, and PostgreSQL reported no error: look for a trigger that returns NULL on the tables of the queue.`,
    );
    this.name = "NotStoredError";
  }
}

/**
 * @param answer - to a statement that counts what it stored (`are_stored`): rows, or an object that has them. Any other shape is ignored.
 * @throws NotStoredError where a trigger kept something out.
 */
export function assertStored(answer: unknown, what: string): void {
  const rows = isObject(answer) && "rows" in answer ? answer.rows : answer;
  const first: unknown = Array.isArray(rows) ? rows[0] : undefined;
  if (isObject(first) && "are_stored" in first && first.are_stored === false)
    throw new NotStoredError(what);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
