import { describe, expect, it } from "vitest";
import type { QueuePeek } from "../queues/queue-peek.js";
import { away, createTestLoop, dropped, failWith } from "../testing/test-claim-loop.js";

type Read = QueuePeek["read"];
const asFound = (read: Read): Read => read;
const thousand = (): Record<string, number> =>
  Object.fromEntries(Array.from({ length: 1_000 }, (_, number) => [`q${number}_queue`, 0]));
const namesOf = (depths: Record<string, number>): Set<string> => new Set(Object.keys(depths));

describe("idle queues are polled together:", () => {
  it("1 000 of them in one statement every polling interval, without a claim", async () => {
    const { clock, run, polls, reads } = createTestLoop(thousand(), { readBy: asFound });
    await run();
    // The first statement reads few, until the server has said how many it has room for.
    expect(reads.map(({ queues }) => queues)).toEqual([100, 900]);
    await clock.advance(10_000);
    expect([reads.length, polls]).toEqual([12, []]);
  });

  it("every five seconds while their inserts notify, and each polling interval once they do not", async () => {
    const depths = thousand();
    const notifyingQueues = namesOf(depths);
    const { clock, run, reads } = createTestLoop(depths, { readBy: asFound, notifyingQueues });
    await run();
    await clock.advance(20_000);
    expect(reads.slice(2).map(({ atMs }) => atMs)).toEqual([5_000, 10_000, 15_000, 20_000]);
    notifyingQueues.clear();
    await clock.advance(3_000);
    expect(reads.slice(6).map(({ atMs }) => atMs)).toEqual([21_000, 22_000, 23_000]);
  });

  it.each([
    [0, 3_750],
    [1, 6_250],
  ])("earlier or later by chance, and still all at once: %d", async (chance, intervalMs) => {
    const depths = thousand();
    const { clock, run, reads } = createTestLoop(depths, {
      readBy: asFound,
      notifyingQueues: namesOf(depths),
      random: () => chance,
    });
    await run();
    await clock.advance(2 * intervalMs);
    expect(reads.slice(2)).toEqual([1, 2].map((n) => ({ atMs: n * intervalMs, queues: 1_000 })));
  });

  it("those that are due soon with those that are due, so that one statement serves all", async () => {
    const { clock, run, wakeup, reads } = createTestLoop(
      { a_queue: 0, b_queue: 0, c_queue: 0 },
      { readBy: asFound },
    );
    await run();
    await clock.advance(300);
    wakeup.notify("b_queue");
    await clock.advance(1_700);
    expect(reads).toEqual([0, 1_000, 2_000].map((atMs) => ({ atMs, queues: 3 })));
  });

  it("one that its probe has notified of, at once, without a claim", async () => {
    const { clock, run, wakeup, polls, reads } = createTestLoop(
      { a_queue: 0, b_queue: 0 },
      { readBy: asFound, notifyingQueues: new Set(["a_queue", "b_queue"]) },
    );
    await run();
    await clock.advance(1_000);
    wakeup.requestPeek("b_queue");
    await clock.advance(0);
    expect(reads.map(({ atMs, queues }) => [atMs, queues])).toEqual([
      [0, 2],
      [1_000, 1],
    ]);
    expect(polls).toEqual([]);
  });

  it("again one for which a peek is requested during the peek", async () => {
    let mark: () => void = () => undefined;
    const { run, wakeup, reads } = createTestLoop(
      { a_queue: 0, b_queue: 0 },
      {
        notifyingQueues: new Set(["a_queue", "b_queue"]),
        readBy: (read) => async (queueNames, withinMs) => {
          mark();
          mark = () => undefined;
          return read(queueNames, withinMs);
        },
      },
    );
    mark = () => wakeup.requestPeek("b_queue");
    await run();
    expect(reads.map(({ queues }) => queues)).toEqual([2, 1]);
  });

  it("one that is polled every polling interval by a claim, which costs no more", async () => {
    const { clock, run, polls, reads } = createTestLoop({ a_queue: 0 }, { readBy: asFound });
    await run();
    await clock.advance(2_000);
    expect([polls.map(({ atMs }) => atMs), reads]).toEqual([[0, 1_000, 2_000], []]);
  });

  it("while the loop's heart beats, and its poller counts as alive", async () => {
    const depths = thousand();
    const { clock, run, loop } = createTestLoop(depths, {
      readBy: asFound,
      notifyingQueues: namesOf(depths),
    });
    await run();
    for (let second = 0; second < 60; second += 1) {
      await clock.advance(1_000);
      expect(loop.heartbeat.ageMs()).toBeLessThanOrEqual(1_000);
      expect(loop.polledAgoMs()).toBeLessThanOrEqual(5_000);
    }
  });
});

describe("of queues that are polled together, the worker claims", () => {
  it("from those on which something waits, a batch at first", async () => {
    const { clock, run, polls, started, depths } = createTestLoop(
      { a_queue: 0, b_queue: 0, c_queue: 0 },
      { readBy: asFound },
    );
    await run();
    depths.b_queue = 15;
    await clock.advance(1_000);
    expect([polls, started.length]).toEqual([
      [
        { atMs: 1_000, queue: "b_queue", limit: 10 },
        { atMs: 1_000, queue: "b_queue", limit: 990 },
      ],
      15,
    ]);
  });

  it.each([
    [0, 8_300],
    [0.5, 8_400],
    [1, 8_500],
  ])(
    "from one whose message becomes visible, within 250 ms by chance: %d",
    async (chance, atMs) => {
      const depths = { a_queue: 0, b_queue: 0 };
      let isSent = false;
      const { clock, run, polls } = createTestLoop(depths, {
        notifyingQueues: namesOf(depths),
        random: () => chance,
        readBy: (read) => async (queueNames, withinMs) => ({
          ...(await read(queueNames, withinMs)),
          visibleInMs: new Map(isSent ? [["b_queue", 8_250 - clock.monotonicMs()]] : []),
        }),
      });
      await run();
      isSent = true;
      await clock.advance(8_250);
      [depths.b_queue, isSent] = [1, false];
      await clock.advance(250);
      expect(polls).toEqual([{ atMs, queue: "b_queue", limit: 1_000 }]);
    },
  );

  it("from none while it is paused, and polls none", async () => {
    const { clock, run, loop, polls, reads } = createTestLoop(
      { a_queue: 5, b_queue: 5 },
      { readBy: asFound },
    );
    loop.pause();
    await run();
    await clock.advance(5_000);
    expect([polls, reads]).toEqual([[], []]);
  });

  it("and reports messages without a notification", async () => {
    const missed: string[] = [];
    const { clock, run, depths } = createTestLoop(
      { a_queue: 0, b_queue: 0 },
      {
        readBy: asFound,
        observer: {
          queueRecreated: () => undefined,
          missedNotification: (queueName) => missed.push(queueName),
        },
      },
    );
    await run();
    depths.b_queue = 1;
    await clock.advance(1_000);
    expect(missed).toEqual(["b_queue"]);
  });
});

describe("queues that cannot be polled together are polled alone:", () => {
  it("one that could not be read, while the others are polled together", async () => {
    const { clock, run, loop, polls, reads, warnings } = createTestLoop(
      { a_queue: 0, b_queue: 0, gone_queue: 0 },
      {
        claimBy: (claim) => (queue, limit) =>
          (queue === "gone_queue" ? failWith(dropped) : claim)(queue, limit),
        readBy: (read) => async (queueNames, withinMs) => ({
          ...(await read(queueNames, withinMs)),
          unreadableQueues: new Set(queueNames.filter((name) => name === "gone_queue")),
        }),
      },
    );
    await run();
    await clock.advance(3_000);
    expect(loop.refusals()).toMatchObject({ queues: 3, refused: 1, without_success_ms: 0 });
    expect([polls, reads.slice(1)]).toEqual([
      [],
      [1_000, 2_000, 3_000].map((atMs) => ({ atMs, queues: 2 })),
    ]);
    expect(new Set(warnings)).toEqual(new Set(["steps of one queue could not be claimed"]));
  });

  it("all of them when the statement fails, for longer from one failure to the next", async () => {
    const failedAtMs: number[] = [];
    const { clock, run, polls, warnings } = createTestLoop(
      { a_queue: 0, b_queue: 0 },
      {
        readBy: () => () => {
          failedAtMs.push(clock.monotonicMs());
          return Promise.reject(dropped);
        },
      },
    );
    await run();
    await clock.advance(15_000);
    expect(failedAtMs).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
    expect([polls.length, warnings]).toEqual([
      32,
      ["the queues could not be polled in one statement: each is polled separately"],
    ]);
  });

  it("while the database is away, of which claims tell as before", async () => {
    let isAway = true;
    const { clock, run, warnings, started, reads } = createTestLoop(
      { a_queue: 1, b_queue: 1 },
      {
        claimBy: (claim) => (queue, limit) => (isAway ? failWith(away) : claim)(queue, limit),
        readBy: (read) => (queueNames, withinMs) =>
          isAway ? Promise.reject(away) : read(queueNames, withinMs),
      },
    );
    await run();
    await clock.advance(60_000);
    expect(new Set(warnings)).toEqual(new Set(["steps could not be claimed"]));
    isAway = false;
    await clock.advance(7_000);
    expect([started.sort(), reads.length > 0]).toEqual([["a", "b"], true]);
  });
});
