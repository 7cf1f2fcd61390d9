import type { DeadLetterStore } from "@tasker-observability/core";
import { fromPgPool } from "@tasker-observability/postgres";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { DeadLetterFixture } from "../testing/dead-letter-fixture.js";
import { messageOf } from "../testing/worker-harness.js";
import { createDeadLetterStore } from "./dead-letter-store.js";

const deadLetters = new DeadLetterFixture(["payments", "orders"]);
const forEver = new AbortController().signal;

function open(namespaces = ["payments", "orders", "without_queues"]): DeadLetterStore {
  const pool = new pg.Pool({ connectionString: deadLetters.harness.database.url, max: 1 });
  onTestFinished(() => pool.end());
  return createDeadLetterStore({ client: fromPgPool(pool), namespaces });
}

async function idsOf(store: DeadLetterStore, query: object, pages = 1): Promise<string[][]> {
  const found: string[][] = [];
  let before: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const { dead_letters, next_before } = await store.list(
      { limit: 100, before, ...query },
      forEver,
    );
    found.push(dead_letters.map(({ namespace, id }) => `${namespace} ${id}`));
    if (next_before === null) break;
    before = next_before;
  }
  return found;
}

describe("the store of a worker's dead letters", () => {
  it("lists them with their reasons, null where a message lacks something", async () => {
    await deadLetters.add("step_failed", { ...messageOf("plain"), step_id: "s-1" });
    await deadLetters.add("unreadable_message", null, "orders_dead_letter");
    const { dead_letters, next_before } = await open().list({ limit: 10 }, forEver);
    expect(next_before).toBeNull();
    expect(dead_letters).toEqual([
      {
        namespace: "orders",
        id: "1",
        dead_lettered_at: "2025-01-01T00:00:00.000Z",
        attempts: 3,
        template: null,
        step: null,
        step_id: null,
        code: "unreadable_message",
        message: "because of unreadable_message",
      },
      {
        namespace: "payments",
        id: "1",
        dead_lettered_at: "2025-01-01T00:00:00.000Z",
        attempts: 3,
        template: "refund",
        step: "plain",
        step_id: "s-1",
        code: "step_failed",
        message: "because of step_failed",
      },
    ]);
  });

  it("pages through all namespaces, the newest first, and misses nothing", async () => {
    for (let round = 0; round < 3; round += 1) {
      await deadLetters.add("step_failed");
      await deadLetters.add("step_timeout", null, "orders_dead_letter");
    }
    const newest = ["orders 3", "payments 3", "orders 2", "payments 2", "orders 1", "payments 1"];
    const store = open();
    expect(await idsOf(store, {})).toEqual([newest]);
    expect(await idsOf(store, { limit: 4 }, 9)).toEqual([newest.slice(0, 4), newest.slice(4)]);
    expect((await idsOf(store, { limit: 1 }, 9)).flat()).toEqual(newest);
    expect(await idsOf(store, { code: "step_timeout", limit: 2 }, 9)).toEqual([
      ["orders 3", "orders 2"],
      ["orders 1"],
    ]);
    expect(await idsOf(store, { namespace: "payments", limit: 2 }, 9)).toEqual([
      ["payments 3", "payments 2"],
      ["payments 1"],
    ]);
  });

  it("pages through dead letters of one instant", async () => {
    for (let round = 0; round < 2; round += 1) {
      await deadLetters.add("step_failed");
      await deadLetters.add("step_failed", null, "orders_dead_letter");
    }
    for (const queue of ["payments", "orders"])
      await deadLetters.harness.query(
        `update pgmq.q_${queue}_dead_letter set enqueued_at = '2025-01-01'`,
      );
    expect((await idsOf(open(), { limit: 1 }, 9)).flat()).toEqual([
      "orders 2",
      "orders 1",
      "payments 2",
      "payments 1",
    ]);
  });

  it("lists no namespace that the worker does not serve", async () => {
    await deadLetters.add("step_failed");
    expect(await idsOf(open(["orders"]), {})).toEqual([[]]);
    expect(await idsOf(open([]), {})).toEqual([[]]);
  });

  it("puts chosen steps back on their queue, and names ids that do not exist", async () => {
    await deadLetters.addMany(3);
    const choice = { namespace: "payments", ids: ["1", "3", "77"] };
    const store = open();
    expect(await store.redrive({ ...choice, dryRun: true }, forEver)).toEqual({
      count: 2,
      missing_ids: ["77"],
    });
    expect(await deadLetters.counts()).toEqual([3, 0]);
    expect(await store.redrive({ ...choice, dryRun: false }, forEver)).toEqual({
      count: 2,
      missing_ids: ["77"],
    });
    expect(await deadLetters.counts()).toEqual([1, 2]);
  });

  it("deletes by code, up to a limit, the oldest first", async () => {
    for (let round = 0; round < 3; round += 1) await deadLetters.add("step_failed");
    const purged = await open().purge(
      { namespace: "payments", code: "step_failed", limit: 2, dryRun: false },
      forEver,
    );
    expect(purged).toEqual({ count: 2, missing_ids: [] });
    expect(await idsOf(open(), {})).toEqual([["payments 3"]]);
  });
});
