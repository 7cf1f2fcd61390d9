import { describe, expect, it } from "vitest";
import type { FoundQueue } from "./find-queues.js";
import { formOf, headsText, shallowUpTo, suits } from "./queue-heads.js";

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
    was: "shallow",
    ...more,
  };
}

describe("the form in which a queue is read", () => {
  it("is the one it was found to need, as far as its indexes allow", () => {
    expect(
      (["shallow", "deep", "visibly_deep"] as const).map((was) => formOf(queue({ was }))),
    ).toEqual(["shallow", "deep", "visibly_deep"]);
    expect(formOf(queue({ oldestBy: "enqueued_at" }))).toBe("deep");
    expect(formOf(queue({ hasVisibleIndex: false }))).toBe("rows");
  });

  it("suits it, and so does that of deep queues wherever there is an index", () => {
    for (const some of [
      queue(),
      queue({ was: "deep" }),
      queue({ oldestBy: null }),
      queue({ hasVisibleIndex: false }),
    ]) {
      expect(suits(some, formOf(some))).toBe(true);
      expect(suits(some, "deep")).toBe(some.hasVisibleIndex);
      expect(suits(some, "rows")).toBe(!some.hasVisibleIndex);
    }
    expect(suits(queue({ oldestBy: null }), "shallow")).toBe(false);
  });

  it("of a shallow queue scans once, and no further than the bound of counting", () => {
    expect(headsText("shallow", [queue()], 10_001).match(/pgmq\.q_a/g)).toHaveLength(1);
    expect([10_001, 1_001, 100].map(shallowUpTo)).toEqual([1_001, 1_001, 100]);
  });
});
