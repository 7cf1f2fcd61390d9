import { describe, expect, it } from "vitest";
import type { FoundQueue } from "./find-queues.js";
import { queryFormOf, querySql, shallowUpTo, suits } from "./query-forms.js";

function queue(more: Partial<FoundQueue> = {}): FoundQueue {
  return {
    namespace: "a",
    queue_name: "a",
    state: "readable",
    oid: "1",
    table: "pgmq.q_a",
    partitionedRows: null,
    oldestBy: "msg_id",
    hasVisibleIndex: true,
    queryForm: "first_rows",
    ...more,
  };
}

describe("the form in which a queue is read", () => {
  it("is the one it was found to need, as far as its indexes allow", () => {
    expect(
      (["first_rows", "index_count", "index_offset"] as const).map((queryForm) =>
        queryFormOf(queue({ queryForm })),
      ),
    ).toEqual(["first_rows", "index_count", "index_offset"]);
    expect(queryFormOf(queue({ oldestBy: "enqueued_at" }))).toBe("index_count");
    expect(queryFormOf(queue({ hasVisibleIndex: false }))).toBe("table_scan");
  });

  it("suits it, and so does that of deep queues wherever there is an index", () => {
    for (const some of [
      queue(),
      queue({ queryForm: "index_count" }),
      queue({ oldestBy: null }),
      queue({ hasVisibleIndex: false }),
    ]) {
      expect(suits(some, queryFormOf(some))).toBe(true);
      expect(suits(some, "index_count")).toBe(some.hasVisibleIndex);
      expect(suits(some, "table_scan")).toBe(!some.hasVisibleIndex);
    }
    expect(suits(queue({ oldestBy: null }), "first_rows")).toBe(false);
  });

  it("of a shallow queue scans once, and no further than the bound of counting", () => {
    expect(querySql("first_rows", [queue()], 10_001).match(/pgmq\.q_a/g)).toHaveLength(1);
    expect([10_001, 1_001, 100].map(shallowUpTo)).toEqual([1_001, 1_001, 100]);
  });
});
