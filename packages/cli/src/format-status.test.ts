import { beforeEach, expect, it, vi } from "vitest";
import { formatStatus } from "./format-status.js";
import { toStatus } from "./worker-status.js";

beforeEach(() => {
  vi.stubEnv("NO_COLOR", "1");
  return () => vi.unstubAllEnvs();
});

const health = {
  status: "healthy",
  worker_id: "orders-1",
  checks: {
    database: { status: "healthy", message: "answered in 2 ms" },
    queue_processing: { status: "degraded", message: "the oldest message is too old\u001b[2J" },
  },
  system_info: {
    version: "2.4.1",
    environment: "production",
    uptime_seconds: 11_520,
    worker_type: "general",
  },
};
const sample = (name: string, value: number, labels: Record<string, string> = {}) => ({
  name: `tasker_worker_${name}`,
  value,
  labels: { namespace: "orders", ...labels },
});
const samples = [
  sample("queue_depth", 12),
  sample("queue_visible_depth", 10),
  sample("queue_oldest_visible_age_seconds", 75.4),
  sample("dead_letters", 3),
  sample("steps_in_flight", 2),
  sample("steps_total", 1_000, { outcome: "completed", template: "a" }),
  sample("steps_total", 204, { outcome: "completed", template: "b" }),
  sample("steps_total", 7, { outcome: "failed" }),
];
const metrics = { metrics: Object.fromEntries(samples.map((each, index) => [index, each])) };

it("a status is one screen that names what is impaired, without control characters", () => {
  const status = toStatus({ ready: health, detailed: health, metrics });
  expect(formatStatus(status, 60)).toBe(
    [
      "orders-1 is ready, but impaired: queue_processing.",
      "version 2.4.1, general, production, up 3 h 12 min",
      "",
      "CHECK             STATUS    MESSAGE",
      "database          healthy   answered in 2 ms",
      "queue_processing  degraded  the oldest message is too old\\u…",
      "",
      "QUEUE   WAITING  READY  OLDEST      DEAD LETTERS",
      "orders       12     10  1 min 15 s             3",
      "",
      "STEPS   IN FLIGHT  COMPLETED  RETRIED  FAILED",
      "orders          2       1204        0       7",
    ].join("\n"),
  );
});

it("a status without details has the checks of readiness alone", () => {
  const status = toStatus({ ready: health, detailed: undefined, metrics: undefined });
  expect(status).toEqual({ ready: true, health, queues: [], steps: [] });
});
