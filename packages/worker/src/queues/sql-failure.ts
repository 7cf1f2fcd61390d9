import type { FailureKind } from "@tasker-observability/postgres";

export { NotStoredError } from "@tasker-observability/producer";

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

/** The SQLSTATE of what a database driver threw; null if the database did not answer at all. */
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

/** What a failure concerns: the whole database, one queue with all that is written to it, or something of what was written. */
export type FailureScope = "database" | "queue" | "rows";

/** By the class of the SQLSTATE, or more of it. What is not listed, a value or what a trigger says of it, concerns rows. */
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

/** Asked of what a driver threw. Without a SQLSTATE no server has answered, which concerns the whole database. */
export function failureScope(error: unknown): FailureScope {
  if (error instanceof TransactionRefusedError) return "rows";
  const state = sqlStateOf(error);
  if (state === null) return "database";
  return scopeByState.find(([start]) => state.startsWith(start))?.[1] ?? "rows";
}

/** Whether a transaction may be committed though it failed: no answer came, or maybe that of a pooler which lost the server. */
export function isCommitUncertain(error: unknown): boolean {
  return error instanceof TransactionRefusedError || failureScope(error) === "database";
}

/** Whether a statement was canceled, as its time was over: it may have been too much at once. */
export function isStatementTimeout(error: unknown): boolean {
  return sqlStateOf(error) === "57014";
}

/** Whether the database can never store a value: it is of another encoding or no JSON of PostgreSQL's (22), or beyond a limit (54). */
export function isNotStorable(error: unknown): boolean {
  return /^(?:22|54)/.test(sqlStateOf(error) ?? "");
}
