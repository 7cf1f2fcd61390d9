import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import type { QueueTriggers } from "../queues/queue-triggers.js";
import { createTriggerProbe } from "./trigger-probe.js";

type Found = Pick<QueueTriggers, "taskerTrigger" | "pgmqTrigger">;

/** A probe of the queue `orders_queue`; its trigger notifies while `notifies` says so. */
function createTestProbe(found: Found, options: { readonly insert?: () => Promise<void> } = {}) {
  const clock = createFakeClock();
  const warnings: string[] = [];
  const state = { notifies: true, found, inserts: 0 };
  const probe = createTriggerProbe({
    queueNames: ["orders_queue"],
    queues: {
      readTriggers: async ([queueName = ""]) => [
        { queueName, exists: true, throttleMs: null, isThrottleKnown: false, ...state.found },
      ],
      insertNoRows:
        options.insert ??
        (async (queueName) => {
          state.inserts += 1;
          if (state.notifies) probe.notified(queueName);
        }),
    },
    clock,
    logger: (_level, message) => warnings.push(message),
  });
  const isProved = (): boolean => probe.polledQueues().length === 0;
  return { probe, clock, state, warnings, isProved };
}

const withTaskerTrigger: Found = { taskerTrigger: "enabled", pgmqTrigger: "none" };
const withPgmqTrigger: Found = { taskerTrigger: "none", pgmqTrigger: "enabled" };
const withoutTrigger: Found = { taskerTrigger: "none", pgmqTrigger: "none" };
const warning =
  "inserts into a queue do not notify; polling finds its steps: run tasker-worker notifications status to see why";

describe("the trigger probe", () => {
  it("knows nothing before it starts, and everything once its insert arrives", async () => {
    const { probe, clock, isProved } = createTestProbe(withTaskerTrigger);
    expect(isProved()).toBe(false);
    probe.start();
    await clock.advance(0);
    expect(isProved()).toBe(true);
  });

  it("warns once when a trigger is there and nothing arrives, however often it starts", async () => {
    const { probe, clock, state, warnings, isProved } = createTestProbe(withTaskerTrigger);
    state.notifies = false;
    for (let start = 0; start < 3; start += 1) {
      probe.start();
      await clock.advance(6_000);
    }
    expect([isProved(), warnings]).toEqual([false, [warning]]);
  });

  it.each([
    ["PGMQ's trigger", withPgmqTrigger],
    ["no trigger", withoutTrigger],
  ])(
    "inserts nothing where there is %s, and takes the next message for the proof",
    async (_what, found) => {
      const { probe, clock, state, warnings, isProved } = createTestProbe(found);
      probe.start();
      await clock.advance(6_000);
      expect([isProved(), state.inserts, warnings]).toEqual([false, 0, []]);
      probe.notified("orders_queue");
      expect(isProved()).toBe(true);
    },
  );

  it("probes a silent queue every five minutes, and no queue of which it receives", async () => {
    const { probe, clock, state, isProved } = createTestProbe(withTaskerTrigger);
    probe.start();
    await clock.advance(200_000);
    probe.notified("orders_queue");
    await clock.advance(200_000);
    expect(state.inserts).toBe(1);
    await clock.advance(200_000);
    expect([state.inserts, isProved()]).toEqual([2, true]);
    state.notifies = false;
    await clock.advance(610_000);
    expect(isProved()).toBe(false);
  });

  it("does not take the silence of PGMQ's trigger for its end, and that of a queue without one it does", async () => {
    for (const [found, proved] of [
      [withPgmqTrigger, true],
      [withoutTrigger, false],
    ] as const) {
      const { probe, clock, warnings, isProved } = createTestProbe(found);
      probe.start();
      probe.notified("orders_queue");
      await clock.advance(610_000);
      expect([isProved(), warnings]).toEqual([proved, []]);
    }
  });

  it("finds out by messages that nothing announced that PGMQ's trigger no longer notifies", async () => {
    const { probe, clock, warnings, isProved } = createTestProbe(withPgmqTrigger);
    probe.start();
    probe.notified("orders_queue");
    await clock.advance(61_000);
    probe.missedNotification("orders_queue");
    await clock.advance(6_000);
    expect([isProved(), warnings]).toEqual([false, [warning]]);
  });

  it("keeps its conclusion when the announcement was only late", async () => {
    const { probe, clock, isProved } = createTestProbe(withPgmqTrigger);
    probe.start();
    probe.notified("orders_queue");
    await clock.advance(61_000);
    probe.missedNotification("orders_queue");
    await clock.advance(100);
    probe.notified("orders_queue");
    await clock.advance(6_000);
    expect(isProved()).toBe(true);
  });

  it("probes once a minute at most when all senders delay their messages", async () => {
    const { probe, clock, state, isProved } = createTestProbe(withTaskerTrigger);
    probe.start();
    for (let second = 0; second < 120; second += 1) {
      await clock.advance(1_000);
      probe.missedNotification("orders_queue");
    }
    await clock.advance(0);
    expect([state.inserts, isProved()]).toEqual([3, true]);
  });

  it("believes nothing of a queue that was made anew until it is proved again", async () => {
    const { probe, clock, state, warnings, isProved } = createTestProbe(withTaskerTrigger);
    probe.start();
    await clock.advance(0);
    state.found = withoutTrigger;
    probe.queueRecreated("orders_queue");
    expect(isProved()).toBe(false);
    await clock.advance(6_000);
    expect(warnings).toEqual([warning]);
    state.found = withTaskerTrigger;
    probe.queueRecreated("orders_queue");
    await clock.advance(0);
    expect(isProved()).toBe(true);
  });

  it("says nothing against a queue that it may not insert into, or that it cannot ask for", async () => {
    const { probe, clock, warnings, isProved } = createTestProbe(withTaskerTrigger, {
      insert: () => Promise.reject(new Error("permission denied")),
    });
    probe.start();
    probe.notified("orders_queue");
    await clock.advance(310_000);
    expect([isProved(), warnings]).toEqual([true, []]);
  });

  it("leaves no timer behind", async () => {
    const { probe, clock } = createTestProbe(withTaskerTrigger);
    probe.start();
    probe.stop();
    await clock.advance(0);
    expect(clock.pendingTimers()).toBe(0);
  });
});
