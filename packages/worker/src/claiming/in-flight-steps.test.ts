import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createInFlightSteps, DrainTimeoutError } from "./in-flight-steps.js";
import { claimOf } from "../testing/claimed-message.js";

describe("in-flight steps", () => {
  it("are counted and grouped by queue until they are released", () => {
    const inFlight = createInFlightSteps({ clock: createFakeClock() });
    const first = inFlight.add("payments", claimOf("1"));
    inFlight.add("payments", claimOf("2"));
    inFlight.add("payments", claimOf("1", "orders_queue"));
    inFlight.remove(first);
    inFlight.remove(first);
    expect(inFlight.size).toBe(2);
    expect(
      [...inFlight.byQueue()].map(([queue, steps]) => [
        queue,
        steps.map((step) => step.claim.messageId),
      ]),
    ).toEqual([
      ["payments_queue", ["2"]],
      ["orders_queue", ["1"]],
    ]);
  });

  it("stay in flight when their outcome is decided", () => {
    const inFlight = createInFlightSteps({ clock: createFakeClock() });
    const step = inFlight.add("payments", claimOf("1"));
    expect(step.isDecided).toBe(false);
    inFlight.markDecided(step);
    expect(step.isDecided).toBe(true);
    expect(inFlight.size).toBe(1);
  });

  it("take over a newer claim of a step in flight, running or decided, and of no other", () => {
    const inFlight = createInFlightSteps({ clock: createFakeClock() });
    const [running, decided, released] = [
      inFlight.add("payments", claimOf("1")),
      inFlight.add("payments", claimOf("2")),
      inFlight.add("payments", claimOf("3")),
    ];
    inFlight.markDecided(decided);
    inFlight.remove(released);
    const again = (messageId: string, queueName?: string): boolean =>
      inFlight.reclaim({ ...claimOf(messageId, queueName), readCount: 2 });
    expect([again("1"), again("2"), again("3"), again("1", "orders_queue")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    for (const step of [running, decided])
      expect(step).toMatchObject({
        claim: { readCount: 1 },
        fence: { readCount: 2 },
        reclaimCount: 1,
      });
    expect([inFlight.size, running.isDecided, decided.isDecided]).toEqual([2, false, true]);
  });

  it("are all aborted at once with the reason, but for those whose outcome is decided", () => {
    const inFlight = createInFlightSteps({ clock: createFakeClock() });
    const [running, decided] = [
      inFlight.add("payments", claimOf("1")),
      inFlight.add("payments", claimOf("2")),
    ];
    inFlight.markDecided(decided);
    const reason = new DrainTimeoutError("stopping");
    inFlight.abortAll(reason);
    expect(running.controller.signal.reason).toBe(reason);
    expect(decided.controller.signal.aborted).toBe(false);
  });

  it("resolve every waiter when the last of them is released", async () => {
    const inFlight = createInFlightSteps({ clock: createFakeClock() });
    await inFlight.whenEmpty();
    const steps = [inFlight.add("payments", claimOf("1")), inFlight.add("payments", claimOf("2"))];
    const resolved: string[] = [];
    const waiting = [
      inFlight.whenEmpty().then(() => resolved.push("one")),
      inFlight.whenEmpty().then(() => resolved.push("other")),
    ];
    inFlight.remove(steps[0]!);
    await Promise.resolve();
    expect(resolved).toEqual([]);
    inFlight.remove(steps[1]!);
    await Promise.all(waiting);
    expect(resolved).toEqual(["one", "other"]);
  });
});
