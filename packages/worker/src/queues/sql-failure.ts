import type { FailureKind } from "@tasker-observability/postgres";

export { NotStoredError } from "@tasker-observability/producer";

/**
 * Failures that pass by themselves: the server is starting, failing over, or full. Any other failure needs a change.
 */
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

/** Whether the database was unreachable, as opposed to refusing. */
export function isTransient(kind: FailureKind): boolean {
  return transient.has(kind);
}

/** The SQLSTATE of a driver's error; null if the database did not answer at all. */
export function sqlStateOf(error: unknown): string | null {
  const code: unknown =
    typeof error === "object" && error !== null && "code" in error ? error.code : null;
  // Five letters alone would match EPIPE.
  return typeof code === "string" && /^(?:\d[0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/.test(code)
    ? code
    : null;
}

/**
 * A transaction that the database refused while still serving its connection: the database is available, whatever the
 * SQLSTATE says (a trigger or a foreign table of one queue may raise any).
 */
export class TransactionRefusedError extends Error {
  /** The SQLSTATE of the error. */
  readonly code: string;

  constructor(code: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "TransactionRefusedError";
    this.code = code;
  }
}

/** The scope of a failure: the whole database, one queue, or rows of a batch. */
export type FailureScope = "database" | "queue" | "rows";

/**
 * By the class of the SQLSTATE, or more of it. All others, such as a wrong value or a trigger's error, concern rows.
 */
const scopeByState: readonly (readonly [start: string, scope: FailureScope])[] = [
  // The connection is lost.
  ["08", "database"],
  // The server is read-only, or the transaction was idle for too long.
  ["25", "database"],
  // The role is refused.
  ["28", "database"],
  // There is no such database.
  ["3D", "database"],
  // Too few connections, or too little memory or disk.
  ["53", "database"],
  // The server shuts down, has crashed or starts.
  ["57P", "database"],
  // There is no such schema.
  ["3F", "queue"],
  // Transactions conflict.
  ["40", "queue"],
  // A table or a right is missing.
  ["42", "queue"],
  // A table is locked.
  ["55", "queue"],
  // A statement was canceled.
  ["57", "queue"],
];

/** For a driver's error. Without a SQLSTATE, no server has answered, which concerns the whole database. */
export function failureScope(error: unknown): FailureScope {
  if (error instanceof TransactionRefusedError) return "rows";
  const state = sqlStateOf(error);
  if (state === null) return "database";
  return scopeByState.find(([start]) => state.startsWith(start))?.[1] ?? "rows";
}

/**
 * Whether a transaction may be committed although it failed: no answer came, or one from a pooler that lost the
 * server.
 */
export function isCommitUncertain(error: unknown): boolean {
  return error instanceof TransactionRefusedError || failureScope(error) === "database";
}

/** Whether a statement was canceled at its time-out: it may have had too much to do. */
export function isStatementTimeout(error: unknown): boolean {
  return sqlStateOf(error) === "57014";
}

/**
 * Whether the database can never store a value: its encoding or JSON is invalid for PostgreSQL (22), or it exceeds a
 * limit (54).
 */
export function isNotStorable(error: unknown): boolean {
  return /^(?:22|54)/.test(sqlStateOf(error) ?? "");
}
