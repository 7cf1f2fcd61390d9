import { styleText } from "node:util";
import { toPrintable } from "@tasker-observability/core";
import { formatTable } from "./format-table.js";
import type { HealthAnswer, WorkerStatus } from "./worker-status.js";

/** A status in one screen: the verdict in a sentence, then checks, queues and steps. */
export function formatStatus(
  { ready, health, queues, steps }: WorkerStatus,
  width: number,
): string {
  const { version, environment, uptime_seconds, worker_type } = health.system_info;
  const checks = Object.entries(health.checks).map(([name, { status, message }]) => [
    toPrintable(name),
    toPrintable(status),
    toPrintable(message ?? ""),
  ]);
  return [
    paint(ready ? "green" : "red", toPrintable(verdictOf(ready, health))),
    toPrintable(
      `version ${version}, ${worker_type}, ${environment}, up ${formatDuration(uptime_seconds)}`,
    ),
    ...section(["CHECK", "STATUS", "MESSAGE"], checks, width).map(paintStatus),
    ...section(
      ["QUEUE", "WAITING", "READY", "OLDEST", "DEAD LETTERS"],
      queues.map((queue) => [
        toPrintable(queue.namespace),
        queue.depth ?? "?",
        queue.visible_depth ?? "?",
        formatDuration(queue.oldest_visible_age_seconds),
        queue.dead_letters ?? "?",
      ]),
      width,
    ),
    ...section(
      ["STEPS", "IN FLIGHT", "COMPLETED", "RETRIED", "FAILED"],
      steps.map((step) => [
        toPrintable(step.namespace),
        ...[step.in_flight, step.completed, step.retried, step.failed],
      ]),
      width,
    ),
  ].join("\n");
}

/** `orders-1 is ready, but degraded: queue_processing.` */
function verdictOf(ready: boolean, { worker_id, checks }: HealthAnswer): string {
  const withStatus = (wanted: string): string =>
    Object.entries(checks)
      .filter(([, { status }]) => status === wanted)
      .map(([name]) => name)
      .join(", ");
  const [unhealthy, degraded] = [withStatus("unhealthy"), withStatus("degraded")];
  if (!ready) return `${worker_id} is not ready: ${unhealthy || degraded || "see its checks"}.`;
  const impaired = [unhealthy, degraded].filter((names) => names !== "").join(", ");
  if (impaired !== "") return `${worker_id} is ready, but impaired: ${impaired}.`;
  return `${worker_id} is ready: all ${Object.keys(checks).length} checks are healthy.`;
}

function section(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  width: number,
): readonly string[] {
  return rows.length === 0 ? [] : ["", ...formatTable(headings, rows, width)];
}

const colors = { healthy: "green", degraded: "yellow", unhealthy: "red" } as const;

function paintStatus(line: string): string {
  return line.replace(/\b(?:un)?healthy\b|\bdegraded\b/, (status) =>
    paint(colors[status as keyof typeof colors], status),
  );
}

function paint(color: "green" | "yellow" | "red", text: string): string {
  return styleText(color, text, { stream: process.stdout });
}

/** `3 h 12 min`; a question mark where it is unknown. */
function formatDuration(seconds: number | null): string {
  if (seconds === null) return "?";
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
