import { describe, expect, it } from "vitest";
import type { FoundQueue } from "./find-queues.js";
import { toStatistics } from "./queue-numbers.js";

const queue: FoundQueue = {
  namespace: "orders",
  queue_name: "orders",
  state: "readable",
  oid: "1",
  table: "pgmq.q_orders",
  partitionedRows: null,
  oldestBy: "msg_id",
  hasVisibleIndex: true,
  queryForm: "first_rows",
};

describe("toStatistics", () => {
  it("reads numbers from texts too, as some clients give them", () => {
    expect(
      toStatistics(queue, { depth: "3", visible: "2", age: "10", wait: "5" }, 100),
    ).toMatchObject({
      depth: 3,
      visible_depth: 2,
      oldest_message_age_seconds: 10,
      oldest_visible_age_seconds: 5,
    });
  });

  it("never estimates below what was counted", () => {
    expect(
      toStatistics(queue, { depth: 100, visible: 100, age: 1, wait: 1, estimate: 5 }, 100),
    ).toMatchObject({ depth: 100, visible_depth: 100, depth_estimated: true });
  });

  it("refuses numbers beyond 2^53, and what is no number", () => {
    const row = { depth: 100, visible: 1, age: 1, wait: 1, estimate: 100 };
    expect(() => toStatistics(queue, { ...row, estimate: 2 ** 53 }, 100)).toThrow(RangeError);
    expect(() => toStatistics(queue, { ...row, depth: "9007199254740993" }, 100)).toThrow(
      RangeError,
    );
    expect(() => toStatistics(queue, { ...row, visible: undefined }, 100)).toThrow(RangeError);
    expect(() => toStatistics(queue, { ...row, age: "soon" }, 100)).toThrow(RangeError);
  });
});
