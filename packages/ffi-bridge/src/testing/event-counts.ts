/** What a worker's domain events say in tests: counts that can be told apart from none. */
export const eventCounts = Object.freeze({
  router: {
    total_routed: 3,
    durable_routed: 1,
    fast_routed: 2,
    broadcast_routed: 0,
    fast_delivery_errors: 0,
    routing_errors: 0,
  },
  in_process_bus: {
    total_events_dispatched: 2,
    rust_handler_dispatches: 2,
    ffi_channel_dispatches: 0,
    rust_handler_errors: 0,
    ffi_channel_drops: 0,
    rust_subscriber_patterns: 1,
    rust_handler_count: 1,
    ffi_subscriber_count: 0,
  },
  deliveries: [{ delivery: "fast", outcome: "delivered", count: 2 }] as const,
});
