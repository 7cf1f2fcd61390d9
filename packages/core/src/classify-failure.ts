/** The kinds of failure by the codes of Node, PostgreSQL (SQLSTATE), postgres.js, TLS, fetch and the worker of this project. */
const kindByCode = Object.freeze({
  ECONNREFUSED: "connection_refused",
  ECONNRESET: "connection_reset",
  EPIPE: "connection_reset",
  ETIMEDOUT: "connection_timeout",
  ENOTFOUND: "host_not_found",
  EAI_AGAIN: "host_not_found",
  EHOSTUNREACH: "host_unreachable",
  ENETUNREACH: "host_unreachable",
  ENETDOWN: "host_unreachable",
  ENOENT: "not_found",
  EACCES: "permission_denied",
  EPERM: "permission_denied",
  EMFILE: "too_many_open_files",
  ENFILE: "too_many_open_files",

  // Codes of the worker's EmbeddedServerDownError.
  EMBEDDED_SERVER_RESTARTING: "embedded_server_restarting",
  EMBEDDED_SERVER_LOST: "embedded_server_lost",

  CONNECT_TIMEOUT: "connection_timeout",
  CONNECTION_CLOSED: "connection_closed",
  CONNECTION_DESTROYED: "connection_closed",
  CONNECTION_ENDED: "pool_closed",
  SASL_SIGNATURE_MISMATCH: "authentication_failed",

  UND_ERR_CONNECT_TIMEOUT: "connection_timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  UND_ERR_SOCKET: "connection_closed",

  CERT_HAS_EXPIRED: "certificate_refused",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate_refused",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate_refused",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate_refused",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate_refused",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate_refused",

  "08000": "connection_failed",
  "08001": "connection_failed",
  "08003": "connection_closed",
  "08004": "connection_refused",
  "08006": "connection_closed",
  "08P01": "protocol_violation",
  "09000": "triggered_action_exception",
  "22021": "not_encodable",
  "22P05": "not_encodable",
  "23502": "not_null_violation",
  "23505": "unique_violation",
  "23514": "check_violation",
  "25006": "read_only",
  "28000": "authentication_failed",
  "28P01": "authentication_failed",
  "3D000": "database_not_found",
  "40001": "serialization_failure",
  "40P01": "deadlock",
  "42501": "permission_denied",
  "42P01": "table_not_found",
  "53100": "disk_full",
  "53200": "out_of_memory",
  "53300": "too_many_connections",
  "54000": "too_large",
  "55P03": "lock_timeout",
  "57014": "statement_cancelled",
  "57P01": "shutting_down",
  "57P02": "shutting_down",
  "57P03": "starting_up",
  P0001: "raised_exception",
} as const);

/** Errors that carry no code, by how their message begins. The message is recognized, never repeated. */
const kindByMessage = [
  ["timeout exceeded when trying to connect", "pool_exhausted"],
  ["Cannot use a pool after calling end", "pool_closed"],
  ["Connection terminated due to connection timeout", "connection_timeout"],
  ["timeout expired", "connection_timeout"],
  ["Connection terminated", "connection_closed"],
  ["Client has encountered a connection error", "connection_closed"],
  ["Client was closed", "connection_closed"],
  ["Query read timeout", "statement_timeout"],
  ["The server does not support SSL connections", "tls_not_supported"],
  ["There was an error establishing an SSL connection", "tls_not_supported"],
  ["SASL", "authentication_failed"],
] as const;

const kindByName = Object.freeze({ TimeoutError: "timeout", AbortError: "aborted" } as const);

type ValueOf<T> = T[keyof T];

/** The words for what failed. */
export type FailureKind =
  | ValueOf<typeof kindByCode>
  | ValueOf<typeof kindByName>
  | (typeof kindByMessage)[number][1]
  | "failed";

/** Errors wrap errors; this many levels are read, which also ends a cycle. */
const maxDepth = 4;

/**
 * Names the kind of a failure for callers of the probes: a fixed word, never a word of the error.
 * Reads causes and AggregateErrors. Never throws, whatever was thrown.
 *
 * @returns `"failed"` where the kind is not known.
 */
export function classifyFailure(error: unknown): FailureKind {
  try {
    return kindOf(error, maxDepth) ?? "failed";
  } catch {
    return "failed";
  }
}

function kindOf(error: unknown, depth: number): FailureKind | null {
  if (typeof error !== "object" || error === null || depth === 0) return null;
  const { code, name, message, errors, cause } = error as Readonly<Record<string, unknown>>;
  return (
    lookUp(kindByCode, code) ??
    kindOfMessage(message) ??
    kindInside(errors, cause, depth) ??
    lookUp(kindByName, name)
  );
}

function kindInside(errors: unknown, cause: unknown, depth: number): FailureKind | null {
  const inside: unknown[] = Array.isArray(errors) ? errors : [];
  for (const inner of [...inside, cause]) {
    const kind = kindOf(inner, depth - 1);
    if (kind !== null) return kind;
  }
  return null;
}

function kindOfMessage(message: unknown): FailureKind | null {
  if (typeof message !== "string") return null;
  return kindByMessage.find(([prefix]) => message.startsWith(prefix))?.[1] ?? null;
}

function lookUp(table: Readonly<Record<string, FailureKind>>, key: unknown): FailureKind | null {
  return typeof key === "string" && Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}
