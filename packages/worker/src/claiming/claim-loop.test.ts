import { describe, expect, it } from "vitest";
import { away, type Claim, createTestLoop } from "../testing/test-claim-loop.js";
import type { ClaimedMessage } from "../queues/step-message.js";
import { claimedMessage } from "../testing/claimed-message.js";

describe("the claim loop claims", () => {
  it("a batch at first, the rest at once where there is more, and polls again every polling interval", async () => {
    const { clock, run, polls, started } = createTestLoop({ a_queue: 25 });
    await run();
    expect(started).toHaveLength(25);
    // A first look at the queue, and once it is known to have more, as much as there is room for.
    expect(polls.map(({ limit }) => limit)).toEqual([10, 990]);
    await clock.advance(3_000);
    expect(polls.slice(2).map(({ atMs }) => atMs)).toEqual([1_000, 2_000, 3_000]);
  });

  it("never more than the capacity allows", async () => {
    const { clock, wakeup, run, polls, started, setCapacity } = createTestLoop({ a_queue: 100 });
    setCapacity(13);
    await run();
    setCapacity(1);
    wakeup.notify();
    await clock.advance(0);
    expect(polls.map(({ limit }) => limit)).toEqual([10, 3, 1]);
    expect(started).toHaveLength(14);
  });

  it("nothing while it is full, and continues as soon as there is capacity", async () => {
    const { clock, wakeup, run, polls, started, setCapacity } = createTestLoop({ a_queue: 100 });
    setCapacity(0);
    await run();
    await clock.advance(10_000);
    expect(polls).toEqual([]);
    setCapacity(2);
    wakeup.notify();
    await clock.advance(0);
    expect(started).toHaveLength(2);
  });

  it("nothing from a queue that has used up its share, but from the others", async () => {
    let capacityOfA = 0;
    const { clock, wakeup, run, polls, started } = createTestLoop(
      { a_queue: 3, b_queue: 3 },
      { capacity: (queueName) => (queueName === "a_queue" ? capacityOfA : 10) },
    );
    await run();
    wakeup.notify("a_queue");
    await clock.advance(5_500);
    expect([new Set(polls.map(({ queue }) => queue)), started]).toEqual([
      new Set(["b_queue"]),
      ["b", "b", "b"],
    ]);
    capacityOfA = 2;
    wakeup.notify("a_queue");
    await clock.advance(0);
    expect(polls.at(-1)).toEqual({ atMs: 5_500, queue: "a_queue", limit: 2 });
  });

  it("from a queue of which it hears, without waiting for the poll", async () => {
    const { clock, wakeup, run, polls, depths } = createTestLoop({ a_queue: 0, b_queue: 0 });
    await run();
    await clock.advance(500);
    depths.b_queue = 1;
    wakeup.notify("b_queue");
    wakeup.notify("unknown_queue");
    await clock.advance(0);
    expect(polls.slice(2)).toEqual([{ atMs: 500, queue: "b_queue", limit: 1_000 }]);
  });

  it("again from a queue of which it heard while it was claiming from it", async () => {
    const { wakeup, run, polls } = createTestLoop(
      { a_queue: 0 },
      {
        claimBy: (claim) => async (queue, limit) => {
          const claims = await claim(queue, limit);
          // Inserted and notified of after the look, before its answer.
          if (polls.length === 1) wakeup.notify("a_queue");
          return claims;
        },
      },
    );
    await run();
    expect(polls.map(({ atMs }) => atMs)).toEqual([0, 0]);
  });

  it("in turn: a queue that never runs dry starves no other", async () => {
    const { clock, wakeup, run, polls, started, setCapacity } = createTestLoop({
      deep_queue: 1_000_000,
      shallow_queue: 0,
    });
    setCapacity(0);
    await run();
    for (let round = 0; round < 50; round += 1) {
      setCapacity(1);
      wakeup.notify();
      await clock.advance(100);
    }
    expect(started.filter((namespace) => namespace === "deep").length).toBeGreaterThan(40);
    expect(polls.filter(({ queue }) => queue === "shallow_queue").length).toBeGreaterThanOrEqual(5);
  });

  it("nothing while it is paused, even after a notification, and the waiting messages once it is resumed", async () => {
    const { clock, loop, wakeup, run, polls, started, depths } = createTestLoop({ a_queue: 0 });
    await run();
    loop.pause();
    expect(loop.state()).toBe("paused");
    depths.a_queue = 3;
    wakeup.notify("a_queue");
    await clock.advance(10_000);
    expect(polls).toHaveLength(1);
    loop.resume();
    await clock.advance(0);
    expect([loop.state(), started.length]).toEqual(["running", 3]);
  });

  it("more slowly while the event loop lags, and does not stop", async () => {
    const { clock, run, polls } = createTestLoop(
      { a_queue: 1_000_000 },
      { throttle: { delayMs: () => 200 }, capacity: () => 10 },
    );
    await run();
    await clock.advance(1_000);
    expect(polls.map(({ atMs }) => atMs)).toEqual([0, 200, 400, 600, 800, 1_000]);
  });

  it("no more once it is stopped, and says so", async () => {
    const { clock, loop, run, polls } = createTestLoop(
      { a_queue: 1_000_000 },
      { throttle: { delayMs: () => 10 } },
    );
    const { ended } = await run();
    await clock.advance(100);
    loop.stop();
    expect(await ended).toBeUndefined();
    const before = polls.length;
    await clock.advance(5_000);
    expect([polls.length, loop.state(), clock.pendingTimers()]).toEqual([before, "stopped", 0]);
  });
});

describe("waiting for a pending claim", () => {
  it("resolves when its messages have been started, or it has failed", async () => {
    for (const fails of [false, true]) {
      let answer: () => void = () => undefined;
      const claimBy =
        (claim: Claim): Claim =>
        async (...asked) => {
          await new Promise<void>((resolve) => (answer = resolve));
          return fails ? Promise.reject(away) : claim(...asked);
        };
      const { clock, inFlight, run, started } = createTestLoop({ a_queue: 1 }, { claimBy });
      await run();
      const resolved: unknown[] = [];
      const waiting = inFlight
        .waitForFenceChanges("a_queue")
        .then(() => resolved.push([...started]));
      await clock.advance(0);
      expect(resolved).toEqual([]);
      answer();
      await waiting;
      expect(resolved).toEqual([fails ? [] : ["a"]]);
    }
  });

  it("resolves immediately when no claim is pending on that queue", async () => {
    const { inFlight, run } = createTestLoop(
      { a_queue: 1 },
      { claimBy: () => () => new Promise(() => undefined) },
    );
    await expect(inFlight.waitForFenceChanges("a_queue")).resolves.toBeUndefined();
    await run();
    await expect(inFlight.waitForFenceChanges("b_queue")).resolves.toBeUndefined();
  });
});

describe("messages without a notification", () => {
  const messages = (readCount: number, ageMs: number): ClaimedMessage[] => [
    claimedMessage({ queueName: "a_queue", messageId: "1", readCount, ageMs }),
  ];

  it.each([
    ["a new one that polling finds", messages(1, 400), false, ["a_queue"]],
    ["a new one with a notification", messages(1, 400), true, []],
    ["one that was delayed, or sent in a long transaction", messages(1, 1_400), false, []],
    ["one that was claimed before", messages(2, 400), false, []],
    ["none", [], false, []],
  ])("are reported to the observer: %s", async (_what, found, isAnnounced, expected) => {
    const missed: string[] = [];
    let claims: ClaimedMessage[] = [];
    const { wakeup, clock, run } = createTestLoop(
      { a_queue: 0 },
      {
        claimBy: () => async () => claims.splice(0),
        observer: {
          queueRecreated: () => undefined,
          missedNotification: (queueName) => missed.push(queueName),
        },
      },
    );
    await run();
    claims = [...found];
    if (isAnnounced) wakeup.notify("a_queue");
    await clock.advance(1_000);
    expect([claims, missed]).toEqual([[], expected]);
  });
});
