import type { HealthStatus } from "@tasker-observability/core";
import type { Redactor } from "@tasker-observability/redact";
import type { CheckResult } from "./checks/check.js";
import { toSafeText } from "./safe-text.js";

/** A result as answers contain it. */
export interface ReadResult {
  readonly status: HealthStatus;
  readonly message: string | null;
}

const statuses: readonly unknown[] = ["healthy", "degraded", "unhealthy"] satisfies HealthStatus[];

/**
 * Reads what a check returned, each field once. No result means healthy: a check that finds a fault throws or returns it.
 * A result without a valid status is unhealthy.
 *
 * @throws whatever a getter of the result throws.
 */
export function readCheckResult(
  result: CheckResult | undefined,
  redactor: Pick<Redactor, "text">,
): ReadResult {
  if (result === undefined) return { status: "healthy", message: null };
  const { status, message } = toRecord(result);
  if (!isStatus(status))
    return { status: "unhealthy", message: "the check returned no valid status" };
  return { status, message: typeof message === "string" ? toSafeText(message, redactor) : null };
}

function toRecord(result: unknown): { readonly status?: unknown; readonly message?: unknown } {
  return typeof result === "object" && result !== null ? result : {};
}

function isStatus(value: unknown): value is HealthStatus {
  return statuses.includes(value);
}
