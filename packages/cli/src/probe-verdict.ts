import { cutText } from "@tasker-observability/redact";
import { type CommandResult, fail, succeed } from "./command-result.js";
import type { ProbeName } from "./probe-request.js";

/** The fields of `health_ready` and `health_live` that a probe reads. */
interface HealthAnswer {
  readonly status?: unknown;
  readonly reason?: unknown;
  readonly checks?:
    | Readonly<
        Record<string, { readonly status?: unknown; readonly message?: unknown } | undefined>
      >
    | undefined;
}

const good: Readonly<Record<ProbeName, string>> = { ready: "healthy", live: "alive" };
const bad: Readonly<Record<ProbeName, string>> = { ready: "not ready", live: "dead" };

/** One line, and the exit code that goes with it. */
export function toVerdict(name: ProbeName, answer: unknown): CommandResult {
  if (typeof answer !== "object" || answer === null)
    return cannotReach("the answer did not come from a worker");
  const { status, reason, checks } = answer as HealthAnswer;
  if (status === good[name]) return succeed(name === "ready" ? "ready" : "alive");
  const unhealthy = Object.entries(checks ?? {}).filter(
    ([, check]) => check?.status === "unhealthy",
  );
  const details = [
    ...(typeof reason === "string" ? [reason] : []),
    ...unhealthy.map(
      ([check, found]) =>
        `${check}${typeof found?.message === "string" ? `: ${found.message}` : ""}`,
    ),
  ];
  return fail(toLine(details.length === 0 ? bad[name] : `${bad[name]} (${details.join("; ")})`));
}

/** A worker that says it is not running has answered no. Any other error says nothing about its state. */
export function toErrorVerdict(name: ProbeName, error: string, message: string): CommandResult {
  if (error === "worker_not_running") return fail(toLine(`${bad[name]} (${message})`));
  return cannotTell(message);
}

/** Something answered, but did not say how the worker is. */
export function cannotTell(why: string): CommandResult {
  return { exitCode: 2, output: toLine(`cannot tell: ${why}`), error: "" };
}

export function cannotReach(why: string): CommandResult {
  return { exitCode: 2, output: toLine(`cannot reach the worker: ${why}`), error: "" };
}

/** Foreign text may neither break the line nor move the cursor. */
function toLine(text: string): string {
  return cutText(text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " "), 500);
}
