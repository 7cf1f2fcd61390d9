import { classifyFailure } from "@tasker-observability/core";
import { isTransient, sqlStateOf } from "../queues/sql-failure.js";

/** Where a start failed: on the way to the database, or when it asked the database for what the worker needs. */
export type StartPhase = "connecting" | "preparing";

/**
 * Connections (08), serialization and deadlocks (40), resources but a full disk (53), a table in use, a time-out or an
 * intervention (57) but a dropped database, a transaction that was ended for its age.
 */
const transientStates = /^(?:08|40|53[0234]|55P03|57(?!P04)|25P0[34])/;

/**
 * What poolers and proxies (Supavisor, pgcat, Neon, RDS) and a server under maintenance say where they have no connection to
 * give at present. From a server that has been reached already these would be lasting faults.
 */
const transientStatesAtConnect = /^(?:XX000|58|55000)/;

/**
 * What poolers say of an address, a user or a setting that is not the right one: they have no SQLSTATE of its own for it, and use
 * the one of a server that is away.
 */
const permanentTexts = [
  /\bno such (?:database|user|role)\b/i,
  /\b(?:database|user|role|tenant|project|endpoint)\b.{0,80}\b(?:does not exist|not found|not specified|unknown)\b/i,
  /\binvalid pool name\b|\bno pool configured\b/i,
  /\bauthentication failed\b|\bno pg_hba\.conf entry\b|\bno credentials\b|\bwrong password\b/i,
  /\bunsupported (?:startup parameter|frontend protocol|protocol)\b/i,
  /\b(?:SSL|TLS)\b.{0,20}\brequired\b|\brequires? (?:SSL|TLS)\b|\binsecure connection\b/i,
];

/** Whether a start waits for it to pass: anything else needs somebody to change something. */
export function isTransientAtStart(error: unknown, phase: StartPhase): boolean {
  if (isOfFile(error) || isPermanentText(error)) return false;
  const state = sqlStateOf(error);
  if (state === null) return isTransient(classifyFailure(error));
  return (
    transientStates.test(state) ||
    ((phase === "connecting" || isFatal(error)) && transientStatesAtConnect.test(state))
  );
}

/** A file that the URL names (a certificate) or that the package lacks. The socket of a server that has not started yet has the same code. */
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

/** Whether it ended the connection, as a pooler's refusal does that comes with the first statement. */
function isFatal(error: unknown): boolean {
  return error instanceof Error && "severity" in error && error.severity === "FATAL";
}
