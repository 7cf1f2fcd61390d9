import { describe, expect, it } from "vitest";
import type { FoundQueue } from "./find-queues.js";
import { QueueStatements } from "./queue-statements.js";

function queue(name: string, more: Partial<FoundQueue> = {}): FoundQueue {
  return {
    namespace: name,
    queue_name: name,
    state: "readable",
    oid: "1",
    table: `pgmq.q_${name}`,
    partitionedRows: null,
    oldestBy: "msg_id",
    hasVisibleIndex: true,
    queryForm: "first_rows",
    ...more,
  };
}

const [a, b] = [queue("a"), queue("b")];
const all = new Set([a, b]);

describe("QueueStatements", () => {
  it("gives the same queues the same name, and others or another form another", () => {
    const statements = new QueueStatements(10);
    const first = statements.query("first_rows", [a, b], all);
    expect(statements.query("first_rows", [a, b], all)).toEqual(first);
    expect(statements.query("first_rows", [b, a], all).name).not.toBe(first.name);
    expect(statements.query("index_count", [a, b], all).name).not.toBe(first.name);
    expect(
      statements.query("first_rows", [a, queue("b", { oldestBy: "enqueued_at" })], all).name,
    ).not.toBe(first.name);
  });

  it("has one statement for a chunk, whichever of its queues are wanted and however deep they were", () => {
    const statements = new QueueStatements(10);
    const [whole, part] = [
      statements.query("index_count", [a, b], all),
      statements.query("index_count", [a, b], new Set([b])),
    ];
    expect(part).toEqual({ ...whole, values: ["{0}"] });
    expect(whole.values).toEqual(["{}"]);
    expect(
      statements.query(
        "index_count",
        [
          { ...a, queryForm: "index_count" },
          { ...b, queryForm: "index_offset" },
        ],
        all,
      ).name,
    ).toBe(whole.name);
  });

  it("makes 200 names and no more, and keeps those it has made", () => {
    const statements = new QueueStatements(10);
    const nameOf = (index: number): string | undefined =>
      statements.query("first_rows", [queue(`queue_${index}`)], all).name;
    const names = Array.from({ length: 300 }, (_, index) => nameOf(index));
    expect(new Set(names.slice(0, 200)).size).toBe(200);
    expect(names.slice(200)).toEqual(Array.from({ length: 100 }, () => undefined));
    expect(nameOf(7)).toBe(names[7]);
    expect(statements.query("first_rows", [queue("queue_299")], all).text).toContain(
      "pgmq.q_queue_299",
    );
  });

  it("shares no name with another reader on the same connection", () => {
    const [one, other] = [new QueueStatements(10), new QueueStatements(20)];
    expect(one.query("index_count", [a], all).name).not.toBe(
      other.query("index_count", [a], all).name,
    );
    expect(one.nameOfFind).not.toBe(other.nameOfFind);
  });

  it("never names what is read once", () => {
    expect(new QueueStatements(10).queryOnce("index_count", a)).not.toHaveProperty("name");
  });
});
