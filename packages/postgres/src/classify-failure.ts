import { createFailureClassifier, type GeneralFailureKind } from "@tasker-observability/core";

/** The kinds of failure by the codes of PostgreSQL (SQLSTATE), its drivers and the embedded server. */
const byCode = Object.freeze({
  // Of the worker's EmbeddedServerDownError.
  EMBEDDED_SERVER_RESTARTING: "embedded_server_restarting",
  EMBEDDED_SERVER_LOST: "embedded_server_lost",

  // Of postgres.js.
  CONNECT_TIMEOUT: "connection_timeout",
  CONNECTION_CLOSED: "connection_closed",
  CONNECTION_DESTROYED: "connection_closed",
  CONNECTION_ENDED: "pool_closed",
  SASL_SIGNATURE_MISMATCH: "authentication_failed",

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

/** Of pg, whose errors carry no code. */
const byMessage = [
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

/** The fixed words for failures. */
export type FailureKind =
  GeneralFailureKind | (typeof byCode)[keyof typeof byCode] | (typeof byMessage)[number][1];

/**
 * Names the kind of a failure for callers of the probes: a fixed word, never text of the error.
 * Reads causes and AggregateErrors. Never throws, whatever was thrown.
 *
 * @returns `"failed"` if the kind is not known.
 */
export const classifyFailure: (error: unknown) => FailureKind =
  createFailureClassifier<FailureKind>({ byCode, byMessage });
