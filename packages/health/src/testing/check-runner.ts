import { type Awaitable, createWorkerContext, type Logger } from "@tasker-observability/core";
import { createRedactor } from "@tasker-observability/redact";
import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { createCheckRunner, type RunnerOptions } from "../check-runner.js";
import type { CheckResult } from "../checks/check.js";
import { type CustomCheck, readCustomCheck } from "../checks/custom-check.js";
import type { HealthCheck } from "../schemas/health-check.js";

export interface Given {
  readonly clock: FakeClock;
  readonly runner: { get(): Awaitable<HealthCheck> };
  readonly logged: unknown[][];
  /** The report where it comes without a promise, else null. */
  readonly fresh: () => HealthCheck | null;
}

export function setUp(
  run: CustomCheck["run"],
  facts: Partial<CustomCheck> = {},
  options: Partial<RunnerOptions> = {},
): Given {
  const clock = createFakeClock();
  const logged: unknown[][] = [];
  const logger: Logger = (...line) => void logged.push(line);
  const context = createWorkerContext({ clock, logger });
  const redactor = createRedactor();
  const runner = createCheckRunner(readCustomCheck({ name: "disk", run, ...facts }), context, {
    redactor,
    cacheTtlMs: 1_000,
    abandonAfterMs: 10_000,
    ...options,
  });
  const get = (): Awaitable<HealthCheck> =>
    runner.get({ monotonicMs: clock.monotonicMs(), timestamp: context.timestamp() });
  return {
    clock,
    runner: { get },
    logged,
    fresh: () => toFresh(get()),
  };
}

export const all = (reports: readonly Awaitable<HealthCheck>[]): Promise<HealthCheck[]> =>
  Promise.all(reports.map(async (report) => report));

export function toFresh(report: Awaitable<HealthCheck>): HealthCheck | null {
  return report instanceof Promise ? null : report;
}

export const healthy: CheckResult = { status: "healthy" };

export const hang = (): Promise<CheckResult> => new Promise(() => undefined);

export const unhealthy = (message: string) => ({ status: "unhealthy", message });
