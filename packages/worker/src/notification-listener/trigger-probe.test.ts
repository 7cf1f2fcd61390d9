import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import type { QueueTriggers } from "../queues/queue-triggers.js";
import { createTriggerProbe } from "./trigger-probe.js";

type Found = Pick<QueueTriggers, "taskerTrigger" | "pgmqTrigger"> & Partial<QueueTriggers>;
const readable = { exists: true, mayInsert: true, throttleMs: null, isThrottleKnown: false };

interface TestProbeOptions {
  /** @default `orders_queue` */
  readonly queueNames?: readonly string[];
  readonly insert?: (queueNames: readonly string[]) => Promise<void>;
}

/** A probe of queues whose triggers notify while `notifies` says so. */
function createTestProbe(
  found: Found,
  { queueNames = ["orders_queue"], insert = async () => undefined }: TestProbeOptions = {},
) {
  const clock = createFakeClock();
  const warnings: string[] = [];
  const state = { notifies: true, found, inserts: 0 };
  const probe = createTriggerProbe({
    queueNames,
    queues: {
      readTriggers: async (names) =>
        names.map((queueName) => ({ queueName, ...readable, ...state.found })),
      async insertNoRows(names) {
        state.inserts += 1;
        await insert(names);
        if (state.notifies) for (const name of names) probe.recordNotification(name);
      },
    },
    clock,
    logger: (_level, message) => warnings.push(message),
  });
  const isProved = (): boolean => probe.pollOnlyQueues().length === 0;
  return { probe, clock, state, warnings, isProved };
}

const withTaskerTrigger: Found = { taskerTrigger: "enabled", pgmqTrigger: "none" };
const withPgmqTrigger: Found = { taskerTrigger: "none", pgmqTrigger: "enabled" };
const withoutTrigger: Found = { taskerTrigger: "none", pgmqTrigger: "none" };
const warning =
  "inserts into a queue do not notify, so polling finds its steps: run tasker-worker notifications status to see why";

function failureOf(code: string): Error {
  return Object.assign(new Error("refused"), { code });
}

describe("the trigger probe", () => {
  it("reports nothing before it starts, and everything once its insert arrives", async () => {
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

  it("treats only the first notification after its insert as its own", async () => {
    const { probe, clock, state } = createTestProbe(withTaskerTrigger);
    state.notifies = false;
    expect(probe.recordNotification("orders_queue")).toBe(false);
    probe.start();
    await clock.advance(0);
    expect([
      probe.recordNotification("orders_queue"),
      probe.recordNotification("orders_queue"),
    ]).toEqual([true, false]);
  });

  it.each([
    ["PGMQ's trigger", withPgmqTrigger],
    ["no trigger", withoutTrigger],
  ])(
    "inserts nothing if there is %s, and takes the next message for the proof",
    async (_what, found) => {
      const { probe, clock, state, warnings, isProved } = createTestProbe(found);
      probe.start();
      await clock.advance(6_000);
      expect([isProved(), state.inserts, warnings]).toEqual([false, 0, []]);
      probe.recordNotification("orders_queue");
      expect(isProved()).toBe(true);
    },
  );

  it("probes a silent queue every five minutes, and no queue of which it receives", async () => {
    const { probe, clock, state, isProved } = createTestProbe(withTaskerTrigger);
    probe.start();
    await clock.advance(200_000);
    probe.recordNotification("orders_queue");
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
      probe.recordNotification("orders_queue");
      await clock.advance(610_000);
      expect([isProved(), warnings]).toEqual([proved, []]);
    }
  });

  it("finds out by messages that nothing announced that PGMQ's trigger no longer notifies", async () => {
    const { probe, clock, warnings, isProved } = createTestProbe(withPgmqTrigger);
    probe.start();
    probe.recordNotification("orders_queue");
    await clock.advance(61_000);
    probe.missedNotification("orders_queue");
    await clock.advance(6_000);
    expect([isProved(), warnings]).toEqual([false, [warning]]);
  });

  it("keeps its conclusion when the announcement was only late", async () => {
    const { probe, clock, isProved } = createTestProbe(withPgmqTrigger);
    probe.start();
    probe.recordNotification("orders_queue");
    await clock.advance(61_000);
    probe.missedNotification("orders_queue");
    await clock.advance(100);
    probe.recordNotification("orders_queue");
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

  it("does not trust a recreated queue until it has notified again", async () => {
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
    probe.recordNotification("orders_queue");
    await clock.advance(310_000);
    expect([isProved(), warnings]).toEqual([true, []]);
  });

  it("probes 1 000 queues in ten statements, and one that refuses spoils only itself", async () => {
    const queueNames = Array.from({ length: 1_000 }, (_, number) => `q${number}_queue`);
    const { probe, clock, state } = createTestProbe(withTaskerTrigger, { queueNames });
    probe.start();
    await clock.advance(0);
    expect([state.inserts, probe.pollOnlyQueues()]).toEqual([10, []]);

    const refused = createTestProbe(withTaskerTrigger, {
      queueNames,
      insert: async (names) => {
        if (names.includes("q617_queue")) throw failureOf("42501");
      },
    });
    refused.probe.start();
    await refused.clock.advance(6_000);
    expect([refused.probe.pollOnlyQueues(), refused.warnings]).toEqual([["q617_queue"], []]);
    expect(refused.state.inserts).toBeLessThan(30);
  });

  it("asks only once if the database is away, and inserts nothing if it lacks the right", async () => {
    const queueNames = ["a_queue", "b_queue", "c_queue"];
    const away = createTestProbe(withTaskerTrigger, {
      queueNames,
      insert: () => Promise.reject(failureOf("57P01")),
    });
    const barred = createTestProbe({ ...withTaskerTrigger, mayInsert: false }, { queueNames });
    for (const { probe, clock } of [away, barred]) {
      probe.start();
      await clock.advance(6_000);
    }
    expect([away.state.inserts, barred.state.inserts]).toEqual([1, 0]);
    expect([...away.warnings, ...barred.warnings]).toEqual([]);
  });

  it("leaves no timer behind", async () => {
    const { probe, clock } = createTestProbe(withTaskerTrigger);
    probe.start();
    probe.stop();
    await clock.advance(0);
    expect(clock.pendingTimers()).toBe(0);
  });
});
