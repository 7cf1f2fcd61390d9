import { defineOperation, ObservabilityError } from "@tasker-observability/core";
import * as z from "zod";
import * as mini from "zod/mini";
import { toCall } from "./contract-calls.js";

/** How often an application's own operations did something. */
export interface OwnState {
  requeued: number;
}

type BacklogParams = { region: string; limit: number; urgent: boolean };

async function countBacklog({ region, limit, urgent }: BacklogParams) {
  if (region === "nowhere") throw new Error("connect ECONNREFUSED db.internal:5432");
  if (region === "closed") throw new ObservabilityError("TIMEOUT", "The region is closed.");
  return { region, waiting: limit, urgent };
}

/** The backlog, by schemas of zod/mini. */
function createMiniBacklog() {
  return defineOperation({
    name: "mini_backlog",
    http: "GET /mini/{region}/backlog",
    access: "read",
    summary: "Counts the orders that wait.",
    params: mini.strictObject({
      region: mini.string(),
      limit: mini._default(mini.int().check(mini.minimum(1)), 10),
      urgent: mini._default(mini.boolean(), true),
    }),
    result: mini.object({ region: mini.string(), waiting: mini.int(), urgent: mini.boolean() }),
    run: countBacklog,
  });
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
    run: countBacklog,
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
  return { orders_backlog, mini_backlog: createMiniBacklog(), orders_requeue, orders_empty };
}

const { orders_backlog, mini_backlog, orders_requeue, orders_empty } = createOwnOperations();

/** Their calls. */
export const ownCalls = {
  backlog: (params: Readonly<Record<string, unknown>>) => toCall(orders_backlog, params),
  miniBacklog: (params: Readonly<Record<string, unknown>>) => toCall(mini_backlog, params),
  requeue: toCall(orders_requeue),
  empty: toCall(orders_empty),
};
