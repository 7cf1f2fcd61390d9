import {
  type Awaitable,
  createWorkerContext,
  type LifecycleState,
  type Ports,
} from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { createHealthService } from "../health-service.js";
import type { HealthServiceOptions } from "../health-options.js";

export const pool = { size: 3, idle: 2, waiting: 0, max: 10 };

/** The ports that checks read. */
export const ports = {
  database: { ping: async () => undefined, pool: () => pool },
  queues: { statistics: async () => [] },
  commandProcessor: { state: () => "running", heartbeat: null, slots: () => null },
  eventSystem: { listener: () => "connected", poller: () => "alive" },
  circuitBreakers: { states: () => [] },
} satisfies Partial<Ports>;

export const all = <T>(answers: readonly Awaitable<T>[]): Promise<T[]> =>
  Promise.all(answers.map(async (answer) => answer));

export function setUp(
  given: { ports?: Partial<Ports>; lifecycle?: LifecycleState } & Omit<
    HealthServiceOptions,
    "context"
  > = {},
) {
  const clock = createFakeClock();
  const { ports: own = ports, lifecycle, ...options } = given;
  const context = createWorkerContext({
    workerId: "orders-1",
    workerType: "general",
    version: "1.2.3",
    environment: "test",
    namespaces: ["orders", "payments"],
    ports: own,
    lifecycle,
    clock,
  });
  return { clock, context, health: createHealthService({ context, ...options }) };
}
