import type { Check, Health, HealthStatus } from "./answers.js";
import type { Since } from "./health-history.js";
import { durationText, reasonText, wordsOf } from "./texts.js";

/** The worker in one sentence. */
export interface Verdict {
  readonly status: HealthStatus | "unknown";
  /** Without its duration. */
  readonly text: string;
  /** "for 12 s"; empty where nothing is known. */
  readonly duration: string;
  /** Since when, by this browser's clock; null where nothing is known. */
  readonly since: number | null;
}

export interface VerdictParts {
  readonly health: Health | null;
  /** Since when the worker does not answer; null while it does. */
  readonly offlineSince: number | null;
  readonly needsKey: boolean;
  readonly since: Since | null;
  readonly now: number;
}

export function verdictOf({ health, offlineSince, needsKey, since, now }: VerdictParts): Verdict {
  if (offlineSince !== null)
    return withDuration("unhealthy", "The worker does not answer", offlineSince, now);
  if (health === null)
    return {
      status: "unknown",
      text: needsKey ? "This worker asks for a key" : "Asking the worker",
      duration: "",
      since: null,
    };
  const { status, text } = assess(health);
  return withDuration(status, text, since?.at ?? now, now, since?.isExact ?? false);
}

function assess({ checks, status }: Health): Pick<Verdict, "text"> & { status: HealthStatus } {
  const entries = Object.entries(checks);
  const unready = entries.filter(
    ([, check]) => check.status === "unhealthy" && check.criticality === "required",
  );
  if (unready.length > 0) return { status: "unhealthy", text: `Not ready: ${listed(unready)}` };
  if (status === "unhealthy") return { status, text: "Not ready" };
  const unwell = entries.filter(([, check]) => check.status !== "healthy");
  if (unwell.length > 0) return { status: "degraded", text: `Ready, but ${listed(unwell)}` };
  const count = entries.length;
  return {
    status: "healthy",
    text: count === 1 ? "Ready: its check is healthy" : `Ready: all ${count} checks are healthy`,
  };
}

function listed(checks: readonly (readonly [string, Check])[]): string {
  return checks
    .map(([name, { message }]) => [wordsOf(name), reasonText(message)].filter(Boolean).join(", "))
    .join("; ");
}

function withDuration(
  status: HealthStatus,
  text: string,
  since: number,
  now: number,
  isExact = true,
): Verdict {
  const duration = `for ${isExact ? "" : "at least "}${durationText(Math.max(0, now - since))}`;
  return { status, text, duration, since };
}
