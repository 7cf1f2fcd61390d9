import { describe, expect, it } from "vitest";
import type { FoundQueue } from "./find-queues.js";
import { SlowQueues } from "./slow-queues.js";

function queue(oid: string): FoundQueue {
  return {
    namespace: oid,
    queue_name: oid,
    state: "readable",
    oid,
    table: `pgmq.q_${oid}`,
    partitionedRows: null,
    oldestBy: "msg_id",
    hasVisibleIndex: true,
    queryForm: "first_rows",
  };
}

const [a, b, c] = [queue("a"), queue("b"), queue("c")];

describe("SlowQueues", () => {
  it("are those that ran out of time, together or alone, until one is read quickly", () => {
    const slow = new SlowQueues(30);
    slow.suspect([a, b]);
    slow.wasRead(a, 29);
    slow.wasRead(b, 30);
    slow.wasRead(c, 500);
    expect([a, b, c].map((each) => slow.has(each))).toEqual([false, true, false]);
  });

  it("have their turn one after the other: whoever had it is last", () => {
    const slow = new SlowQueues(30);
    slow.suspect([a, b, c]);
    slow.ranOut(a);
    expect(slow.inTurn([a, b, c])).toEqual([b, c, a]);
    slow.wasRead(b, 100);
    expect(slow.inTurn([a, b, c])).toEqual([c, a, b]);
  });

  it("are scanned once their indexes took too long, ten times, or until a scan takes too long as well", () => {
    const slow = new SlowQueues(30);
    slow.suspect([a]);
    slow.suspect([b, c]);
    slow.ranOut(b);
    expect([a, b, c].map((each) => slow.isScanned(each))).toEqual([true, true, false]);
    for (let scan = 0; scan < 9; scan += 1) slow.wasRead(a, 1);
    expect(slow.isScanned(a)).toBe(true);
    slow.wasRead(a, 1);
    slow.ranOut(b);
    expect([a, b].map((each) => [slow.has(each), slow.isScanned(each)])).toEqual([
      [true, false],
      [true, false],
    ]);
  });

  it("are due after three readings without a turn, and no longer once they had it", () => {
    const slow = new SlowQueues(30);
    slow.suspect([a]);
    const due = Array.from({ length: 4 }, () => (slow.endReading([a]), slow.areDue()));
    expect(due).toEqual([false, false, true, true]);
    slow.ranOut(a);
    slow.endReading([a]);
    expect(slow.areDue()).toBe(false);
  });

  it("are forgotten when they are no longer asked for", () => {
    const slow = new SlowQueues(30);
    slow.suspect([a, b]);
    slow.endReading([b]);
    expect([slow.has(a), slow.has(b)]).toEqual([false, true]);
  });
});
