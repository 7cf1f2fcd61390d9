import { describe, expect, it } from "vitest";
import { createHeldSteps, DrainTimeoutError } from "./held-steps.js";
import type { ClaimedMessage } from "../queues/step-message.js";

const claimOf = (messageId: string, queueName = "payments_queue"): ClaimedMessage => ({
  queueName,
  messageId,
  enqueuedUs: "0",
  readCount: 1,
  ageMs: 0,
  body: {},
  headers: null,
  inexact: [],
});

describe("held steps", () => {
  it("are counted and grouped by queue until they are released", () => {
    const held = createHeldSteps();
    const first = held.hold(claimOf("1"));
    held.hold(claimOf("2"));
    held.hold(claimOf("1", "orders_queue"));
    held.release(first);
    held.release(first);
    expect(held.size).toBe(2);
    expect(
      [...held.byQueue()].map(([queue, steps]) => [
        queue,
        steps.map((step) => step.claim.messageId),
      ]),
    ).toEqual([
      ["payments_queue", ["2"]],
      ["orders_queue", ["1"]],
    ]);
  });

  it("are still held, and no longer open, when their outcome is decided", () => {
    const held = createHeldSteps();
    const step = held.hold(claimOf("1"));
    expect(held.isOpen(step)).toBe(true);
    held.settle(step);
    expect(held.isOpen(step)).toBe(false);
    expect(held.size).toBe(1);
  });

  it("take over a newer claim of what is held, running or decided, and of nothing else", () => {
    const held = createHeldSteps();
    const [running, decided, released] = [
      held.hold(claimOf("1")),
      held.hold(claimOf("2")),
      held.hold(claimOf("3")),
    ];
    held.settle(decided);
    held.release(released);
    const again = (messageId: string, queueName?: string): boolean =>
      held.retake({ ...claimOf(messageId, queueName), readCount: 2 });
    expect([again("1"), again("2"), again("3"), again("1", "orders_queue")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    for (const step of [running, decided])
      expect(step).toMatchObject({ claim: { readCount: 1 }, fence: { readCount: 2 }, reclaims: 1 });
    expect([held.size, held.isOpen(running), held.isOpen(decided)]).toEqual([2, true, false]);
  });

  it("are aborted all at once with the reason, but for those whose outcome is decided", () => {
    const held = createHeldSteps();
    const [running, decided] = [held.hold(claimOf("1")), held.hold(claimOf("2"))];
    held.settle(decided);
    const reason = new DrainTimeoutError("stopping");
    held.abortAll(reason);
    expect(running.controller.signal.reason).toBe(reason);
    expect(decided.controller.signal.aborted).toBe(false);
  });

  it("tell everybody who waits when the last of them is released", async () => {
    const held = createHeldSteps();
    await held.whenEmpty();
    const steps = [held.hold(claimOf("1")), held.hold(claimOf("2"))];
    const told: string[] = [];
    const waiting = [
      held.whenEmpty().then(() => told.push("one")),
      held.whenEmpty().then(() => told.push("other")),
    ];
    held.release(steps[0]!);
    await Promise.resolve();
    expect(told).toEqual([]);
    held.release(steps[1]!);
    await Promise.all(waiting);
    expect(told).toEqual(["one", "other"]);
  });
});
