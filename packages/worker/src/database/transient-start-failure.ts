import { classifyFailure } from "@tasker-observability/postgres";
import { isTransient, sqlStateOf } from "../queues/sql-failure.js";

/** When a start failed: while connecting to the database, or while preparing what the worker needs. */
export type StartPhase = "connecting" | "preparing";

/**
 * Connections (08), serialization and deadlocks (40), resources except a full disk (53), a locked table, a time-out or an
 * intervention (57) except a dropped database, a transaction that was idle for too long.
 */
const transientStates = /^(?:08|40|53[0234]|55P03|57(?!P04)|25P0[34])/;

/**
 * The states of poolers and proxies (Supavisor, pgcat, Neon, RDS) and of a server under maintenance that have no connection
 * available. From a server that is already connected these are permanent faults.
 */
const transientStatesAtConnect = /^(?:XX000|58|55000)/;

/**
 * What poolers report about a wrong address, user or setting. They have no SQLSTATE for it, and use the one of an
 * unavailable server.
 */
const permanentTexts = [
  /\bno such (?:database|user|role)\b/i,
  /\b(?:database|user|role|tenant|project|endpoint)\b.{0,80}\b(?:does not exist|not found|not specified|unknown)\b/i,
  /\binvalid pool name\b|\bno pool configured\b/i,
  /\bauthentication failed\b|\bno pg_hba\.conf entry\b|\bno credentials\b|\bwrong password\b/i,
  /\bunsupported (?:startup parameter|frontend protocol|protocol)\b/i,
  /\b(?:SSL|TLS)\b.{0,20}\brequired\b|\brequires? (?:SSL|TLS)\b|\binsecure connection\b/i,
];

/** Whether the failure may pass without a change, so that a start waits. */
export function isTransientAtStart(error: unknown, phase: StartPhase): boolean {
  if (isOfFile(error) || isPermanentText(error)) return false;
  const state = sqlStateOf(error);
  if (state === null) return isTransient(classifyFailure(error));
  return (
    transientStates.test(state) ||
    ((phase === "connecting" || isFatal(error)) && transientStatesAtConnect.test(state))
  );
}

/** A missing file that the URL names (a certificate). The socket of a server that has not started has the same code. */
function isOfFile(error: unknown): boolean {
  return (
    error instanceof Error && "syscall" in error && error.syscall !== "connect" && "path" in error
  );
}

function isPermanentText(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state === null || !/^(?:08|58|XX)/.test(state)) return false;
  return error instanceof Error && permanentTexts.some((text) => text.test(error.message));
}

/** Whether the error ended the connection, as when a pooler refuses the first statement. */
function isFatal(error: unknown): boolean {
  return error instanceof Error && "severity" in error && error.severity === "FATAL";
}
