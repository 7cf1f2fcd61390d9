import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connectObservability } from "@tasker-observability/ffi-bridge";
import type { DomainEventStats } from "@tasker-observability/metrics";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import type { DomainEvent } from "./domain-event.js";
import { createWorkerHarness, eventually, type WorkerHarness } from "../testing/worker-harness.js";

/** A step that publishes by every way there is, an event that is too large for the socket, and one that does not fit its schema. */
const announce = `
name: announce
namespace_name: payments
version: 1.0.0
steps:
  - name: notify
    handler: { callable: Test }
    publishes_events:
      - { name: payment.kept, delivery_mode: durable }
      - { name: payment.sent, delivery_mode: fast }
      - { name: payment.both, delivery_mode: broadcast }
      - { name: order.huge, delivery_mode: fast, publisher: Huge }
      - { name: order.wrong, delivery_mode: durable, schema: { type: object, required: [amount] } }
`;

let harness: WorkerHarness;
beforeAll(async () => {
  harness = await createWorkerHarness();
  await writeFile(join(dirname(harness.templates), "announce.yaml"), announce);
});
afterAll(() => harness.close());

it("every count of domain events is moved by a step that publishes, and reported over HTTP", async () => {
  const folder = await mkdtemp(join(tmpdir(), "events-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const socket_path = join(folder, "worker.sock");
  const { worker } = await harness.start({
    handlers: { Test: async () => ({ sent: true }) },
    publishers: { Huge: () => "x".repeat(2 * 1_048_576) },
    worker: { web: { enabled: true }, bridge: { socket_path } },
  });
  const heard: string[] = [];
  worker.subscribe("payment.*", (event) => void heard.push(event.event_name));
  worker.subscribe("payment.sent", () => Promise.reject(new Error("broken")));
  const remote = connectObservability(socket_path);
  onTestFinished(() => remote.close());
  const heardFar: DomainEvent[] = [];
  await remote.subscribe("*", (event) => void heardFar.push(event as DomainEvent));

  await worker.enqueue({
    template: { namespace: "payments", name: "announce", version: "1.0.0" },
    stepName: "notify",
  });
  await eventually(
    "the events",
    async () => heardFar.length === 2 && (await harness.count("q_payments_domain_events")) === 2,
  );
  expect([heard.sort(), heardFar.map(({ event_name }) => event_name).sort()]).toEqual([
    ["payment.both", "payment.sent"],
    ["payment.both", "payment.sent"],
  ]);
  expect(heardFar[0]).toMatchObject({
    payload: { sent: true },
    metadata: { step_name: "notify", attempt: 1 },
  });

  const stats = (await (await fetch(`${worker.url}/metrics/events`)).json()) as DomainEventStats;
  expect(stats).toEqual({
    router: {
      total_routed: 4,
      durable_routed: 1,
      fast_routed: 2,
      broadcast_routed: 1,
      fast_delivery_errors: 2,
      routing_errors: 1,
    },
    in_process_bus: {
      total_events_dispatched: 3,
      rust_handler_dispatches: 3,
      ffi_channel_dispatches: 2,
      rust_handler_errors: 1,
      ffi_channel_drops: 1,
      rust_subscriber_patterns: 2,
      rust_handler_count: 2,
      ffi_subscriber_count: 1,
    },
    captured_at: expect.stringMatching(/Z$/),
    worker_id: worker.context.identity.workerId,
  });
  const counts = [...Object.values(stats.router), ...Object.values(stats.in_process_bus)];
  expect(counts.every((count) => count > 0)).toBe(true);
});
