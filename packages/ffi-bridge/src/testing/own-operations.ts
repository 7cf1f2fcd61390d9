import { defineOperation, ObservabilityError } from "@tasker-observability/core";
import * as z from "zod";
import { toCall } from "./contract-calls.js";

/** How often an application's own operations did something. */
export interface OwnState {
  requeued: number;
}

/** What an application may define: a read with params in path and query, a write, and one with a verdict. */
export function createOwnOperations() {
  const state: OwnState = { requeued: 0 };
  const none = z.strictObject({});
  const orders_backlog = defineOperation({
    name: "orders_backlog",
    http: "GET /orders/{region}/backlog",
    access: "read",
    summary: "Counts the orders that wait.",
    params: z.strictObject({
      region: z.string(),
      limit: z.int().min(1).default(10),
      urgent: z.boolean().default(true),
    }),
    result: z.object({ region: z.string(), waiting: z.int(), urgent: z.boolean() }),
    run: async ({ region, limit, urgent }) => {
      if (region === "nowhere") throw new Error("connect ECONNREFUSED db.internal:5432");
      if (region === "closed") throw new ObservabilityError("TIMEOUT", "The region is closed.");
      return { region, waiting: limit, urgent };
    },
  });
  const orders_requeue = defineOperation({
    name: "orders_requeue",
    http: "POST /orders/requeue",
    access: "write",
    params: none,
    result: z.object({ requeued: z.int() }),
    run: () => ({ requeued: (state.requeued += 1) }),
  });
  const orders_empty = defineOperation({
    name: "orders_empty",
    http: "GET /orders",
    access: "read",
    params: none,
    result: z.object({ waiting: z.int() }),
    verdicts: ["not_found"],
    verdict: ({ waiting }) => (waiting === 0 ? "not_found" : "ok"),
    run: () => ({ waiting: 0 }),
  });
  return { orders_backlog, orders_requeue, orders_empty };
}

const { orders_backlog, orders_requeue, orders_empty } = createOwnOperations();

/** Their calls. */
export const ownCalls = {
  backlog: (params: Readonly<Record<string, unknown>>) => toCall(orders_backlog, params),
  requeue: toCall(orders_requeue),
  empty: toCall(orders_empty),
};
