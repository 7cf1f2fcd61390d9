import { describe, expect, it } from "vitest";
import type { FoundQueue } from "./find-queues.js";
import { isReadAsShallow, QueueStatements } from "./queue-statements.js";

function queue(name: string, more: Partial<FoundQueue> = {}): FoundQueue {
  return { namespace: name, queue_name: name, state: "readable", oid: "1", table: `pgmq.q_${name}`, partitionedRows: null, oldestBy: "msg_id", hasVisibleIndex: true, was: "shallow", ...more };
}

describe("QueueStatements", () => {
  it("gives the same queues the same name, and others another", () => {
    const statements = new QueueStatements(10);
    const first = statements.heads([queue("a"), queue("b")]);
    expect(statements.heads([queue("a"), queue("b")])).toBe(first);
    expect(statements.heads([queue("b"), queue("a")]).name).not.toBe(first.name);
    expect(statements.heads([queue("a"), queue("b", { hasVisibleIndex: false })]).name).not.toBe(first.name);
    expect(statements.heads([queue("a"), queue("b", { oldestBy: "enqueued_at" })]).name).not.toBe(first.name);
  });

  it("makes 200 names and no more, and keeps those it has made", () => {
    const statements = new QueueStatements(10);
    const names = Array.from({ length: 300 }, (_, index) => statements.heads([queue(`queue_${index}`)]).name);
    expect(new Set(names.slice(0, 200)).size).toBe(200);
    expect(names.slice(200)).toEqual(Array.from({ length: 100 }, () => undefined));
    expect(statements.heads([queue("queue_7")]).name).toBe(names[7]);
    expect(statements.heads([queue("queue_299")]).text).toContain("pgmq.q_queue_299");
  });

  it("shares no name with another reader on the same connection", () => {
    const [one, other] = [new QueueStatements(10), new QueueStatements(20)];
    expect(one.heads([queue("a")]).name).not.toBe(other.heads([queue("a")]).name);
    expect(one.nameOfFind).not.toBe(other.nameOfFind);
  });

  it("never names what is read once", () => {
    expect(new QueueStatements(10).headsOnce([queue("a")])).not.toHaveProperty("name");
  });

  it("looks at the first rows of a shallow queue and at nothing else", () => {
    const scansOf = (...queues: FoundQueue[]): number => new QueueStatements(10).headsOnce(queues).text.match(/ from /g)?.length ?? 0;
    expect(scansOf(queue("a"), queue("b"))).toBeLessThan(scansOf(queue("a"), queue("b", { was: "deep" })));
    expect([queue("a"), queue("a", { was: "deep" }), queue("a", { oldestBy: "enqueued_at" }), queue("a", { hasVisibleIndex: false })].map(isReadAsShallow)).toEqual([true, false, false, false]);
  });
});
