import type { DomainEvents } from "@tasker-observability/core";
import * as z from "zod";

const count = z.int().min(0);

/** Events by how they were routed. */
export const eventRouterStatsSchema = z.strictObject({
  total_routed: count.describe("Events routed, by any route."),
  durable_routed: count.describe("Events routed to the queue of domain events."),
  fast_routed: count.describe("Events routed to the in-process bus."),
  broadcast_routed: count.describe("Events routed to both."),
  fast_delivery_errors: count.describe("Deliveries on the in-process bus that failed."),
  routing_errors: count.describe("Events that could not be routed."),
});
/** Events by how they were routed. */
export type EventRouterStats = z.infer<typeof eventRouterStatsSchema>;

/** Events on the in-process bus: `rust_*` are the worker's own handlers, `ffi_*` subscribers across the bridge. */
export const inProcessEventBusStatsSchema = z.strictObject({
  total_events_dispatched: count.describe("Events that the bus received."),
  rust_handler_dispatches: count.describe("Deliveries to the worker's own handlers."),
  ffi_channel_dispatches: count.describe(
    "Deliveries to subscribers across the bridge, excluding dropped events.",
  ),
  rust_handler_errors: count.describe(
    "Deliveries in which one of the worker's own handlers failed.",
  ),
  ffi_channel_drops: count.describe(
    "Events dropped because a subscriber across the bridge had no room.",
  ),
  rust_subscriber_patterns: count.describe("Patterns that the worker's own handlers subscribe to."),
  rust_handler_count: count.describe("The worker's own handlers."),
  ffi_subscriber_count: count.describe("Subscribers across the bridge."),
});
/** Events on the in-process bus: `rust_*` are the worker's own handlers, `ffi_*` subscribers across the bridge. */
export type InProcessEventBusStats = z.infer<typeof inProcessEventBusStatsSchema>;

/** Deliveries of the domain events that steps published, since the worker started. */
export const domainEventStatsSchema = z.strictObject({
  router: eventRouterStatsSchema,
  in_process_bus: inProcessEventBusStatsSchema,
  captured_at: z.iso.datetime().describe("ISO 8601, UTC, milliseconds."),
  worker_id: z.string(),
});
/** Deliveries of domain events since the worker started: the result of `metrics_events`. */
export type DomainEventStats = z.infer<typeof domainEventStatsSchema>;

const routerFields = Object.keys(eventRouterStatsSchema.shape) as (keyof EventRouterStats)[];
const busFields = Object.keys(
  inProcessEventBusStatsSchema.shape,
) as (keyof InProcessEventBusStats)[];

/** Reads the port's named counts. @throws TypeError if one is not a count. */
export function readDomainEventStats(
  domainEvents: DomainEvents,
  captured: { readonly at: string; readonly workerId: string },
): DomainEventStats {
  const { router, in_process_bus: bus } = domainEvents.statistics();
  return Object.freeze({
    router: pickCounts(router, routerFields),
    in_process_bus: pickCounts(bus, busFields),
    captured_at: captured.at,
    worker_id: captured.workerId,
  });
}

function pickCounts<Field extends string>(
  counts: Readonly<Record<Field, number>>,
  fields: readonly Field[],
): Record<Field, number> {
  const picked = fields.map((field) => [field, toCount(field, counts[field])] as const);
  return Object.freeze(Object.fromEntries(picked)) as Record<Field, number>;
}

function toCount(field: string, value: unknown): number {
  const number = typeof value === "bigint" ? Number(value) : value;
  if (!Number.isSafeInteger(number))
    throw new TypeError(`The domain events' ${field} is not a whole number below 2^53.`);
  return number as number;
}
