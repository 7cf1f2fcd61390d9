import { describe, expect, it, onTestFinished } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { type ClaimLoopOptions, createClaimLoop } from "./claim-loop.js";
import type { ClaimedMessage } from "./step-message.js";
import { queuesOf } from "./step-queues.js";

interface Look {
  readonly atMs: number;
  readonly queue: string;
  readonly most: number;
}

type Claim = ClaimLoopOptions["source"]["claim"];

/** A loop over queues with a number of messages each, which it can claim without a database. `run` starts it. */
function createTestLoop(depths: Record<string, number>, options: Partial<ClaimLoopOptions> & { readonly claimBy?: (claim: Claim) => Claim } = {}) {
  const clock = createFakeClock();
  const looks: Look[] = [];
  const started: string[] = [];
  const warnings: string[] = [];
  let room = Number.POSITIVE_INFINITY;
  let nextId = 1;
  const claim: Claim = async (queue, most) => {
    looks.push({ atMs: clock.monotonicMs(), queue, most });
    const taken = Math.min(depths[queue] ?? 0, most);
    depths[queue] = (depths[queue] ?? 0) - taken;
    return Array.from({ length: taken }, (): ClaimedMessage => ({ queueName: queue, messageId: String(nextId++), enqueuedUs: "0", readCount: 1, ageMs: 0, body: {} }));
  };
  const loop = createClaimLoop({
    queues: Object.keys(depths).map((queue) => queuesOf(queue.replace("_queue", ""))),
    source: { claim: options.claimBy?.(claim) ?? claim },
    room: () => room,
    start: (namespace) => {
      started.push(namespace);
      room -= 1;
    },
    batchSize: 10,
    pollingIntervalMs: 1_000,
    claimPatienceMs: 20_000,
    clock,
    logger: (_level, message) => warnings.push(message),
    ...options,
  });
  onTestFinished(async () => {
    loop.stop();
    await clock.advance(0);
  });
  const run = async (): Promise<{ readonly ended: Promise<unknown> }> => {
    const ended = loop.run().catch((error: unknown) => error);
    await clock.advance(0);
    return { ended };
  };
  return { clock, loop, looks, started, warnings, run, depths, setRoom: (places: number) => void (room = places) };
}

const dropped = Object.assign(new Error("relation does not exist"), { code: "42P01" });
const away = Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });

function failWith(error: Error): Claim {
  return () => Promise.reject(error);
}

describe("the claim loop claims", () => {
  it("what is there at once, batch after batch, and looks again every polling interval", async () => {
    const { clock, run, looks, started } = createTestLoop({ a_queue: 25 });
    await run();
    expect(started).toHaveLength(25);
    expect(looks.map(({ most }) => most)).toEqual([10, 10, 10]);
    await clock.advance(3_000);
    expect(looks.slice(3).map(({ atMs }) => atMs)).toEqual([1_000, 2_000, 3_000]);
  });

  it("never more than there is room for", async () => {
    const { clock, loop, run, looks, started, setRoom } = createTestLoop({ a_queue: 100 });
    setRoom(13);
    await run();
    setRoom(1);
    loop.wake();
    await clock.advance(0);
    expect(looks.map(({ most }) => most)).toEqual([10, 3, 1]);
    expect(started).toHaveLength(14);
  });

  it("nothing while it is full, and goes on as soon as there is room", async () => {
    const { clock, loop, run, looks, started, setRoom } = createTestLoop({ a_queue: 100 });
    setRoom(0);
    await run();
    await clock.advance(10_000);
    expect(looks).toEqual([]);
    setRoom(2);
    loop.wake();
    await clock.advance(0);
    expect(started).toHaveLength(2);
  });

  it("from a queue of which it hears, without waiting for the poll", async () => {
    const { clock, loop, run, looks, depths } = createTestLoop({ a_queue: 0, b_queue: 0 });
    await run();
    await clock.advance(500);
    depths.b_queue = 1;
    loop.wake("b_queue");
    loop.wake("unknown_queue");
    await clock.advance(0);
    expect(looks.slice(2)).toEqual([{ atMs: 500, queue: "b_queue", most: 10 }]);
  });

  it("again from a queue of which it heard while it was claiming from it", async () => {
    const { loop, run, looks } = createTestLoop(
      { a_queue: 0 },
      {
        claimBy: (claim) => async (queue, most) => {
          const claims = await claim(queue, most);
          // Inserted and notified of after the look, before its answer.
          if (looks.length === 1) loop.wake("a_queue");
          return claims;
        },
      },
    );
    await run();
    expect(looks.map(({ atMs }) => atMs)).toEqual([0, 0]);
  });

  it("in turn: a queue that never runs dry starves no other", async () => {
    const { clock, loop, run, looks, started, setRoom } = createTestLoop({ deep_queue: 1_000_000, shallow_queue: 0 });
    setRoom(0);
    await run();
    for (let round = 0; round < 50; round += 1) {
      setRoom(1);
      loop.wake();
      await clock.advance(100);
    }
    expect(started.filter((namespace) => namespace === "deep").length).toBeGreaterThan(40);
    expect(looks.filter(({ queue }) => queue === "shallow_queue").length).toBeGreaterThanOrEqual(5);
  });

  it("nothing while it is paused, whatever it hears, and what was waiting once it is resumed", async () => {
    const { clock, loop, run, looks, started, depths } = createTestLoop({ a_queue: 0 });
    await run();
    loop.pause();
    expect(loop.state()).toBe("paused");
    depths.a_queue = 3;
    loop.wake("a_queue");
    await clock.advance(10_000);
    expect(looks).toHaveLength(1);
    loop.resume();
    await clock.advance(0);
    expect([loop.state(), started.length]).toEqual(["running", 3]);
  });

  it("slower while the process is short of breath, and does not stop", async () => {
    const { clock, run, looks } = createTestLoop({ a_queue: 1_000 }, { restMs: () => 200 });
    await run();
    await clock.advance(1_000);
    expect(looks.map(({ atMs }) => atMs)).toEqual([0, 200, 400, 600, 800, 1_000]);
  });

  it("no more once it is stopped, and says so", async () => {
    const { clock, loop, run, looks } = createTestLoop({ a_queue: 1_000_000 }, { restMs: () => 10 });
    const { ended } = await run();
    await clock.advance(100);
    loop.stop();
    expect(await ended).toBeUndefined();
    const before = looks.length;
    await clock.advance(5_000);
    expect([looks.length, loop.state(), clock.pendingTimers()]).toEqual([before, "stopped", 0]);
  });
});

describe("the claim loop, when a claim fails,", () => {
  it("tries again, later from one failure to the next, up to five seconds", async () => {
    const atMs: number[] = [];
    const { clock, run, warnings } = createTestLoop(
      { a_queue: 1 },
      {
        claimBy: () => (queue, most) => {
          atMs.push(clock.monotonicMs());
          return failWith(away)(queue, most);
        },
      },
    );
    await run();
    await clock.advance(20_000);
    expect(atMs).toEqual([0, 100, 300, 700, 1_500, 3_100, 6_300, 11_300, 16_300]);
    expect(new Set(warnings)).toEqual(new Set(["steps could not be claimed"]));
  });

  it("claims everything once the database is back", async () => {
    let isAway = true;
    const { clock, run, started } = createTestLoop({ a_queue: 15 }, { claimBy: (claim) => (queue, most) => (isAway ? failWith(away) : claim)(queue, most) });
    await run();
    await clock.advance(60_000);
    isAway = false;
    await clock.advance(5_000);
    expect(started).toHaveLength(15);
  });

  it("goes on with the other queues where the fault is one queue's", async () => {
    const { clock, run, looks, started, warnings } = createTestLoop(
      { dropped_queue: 0, sound_queue: 100 },
      { claimBy: (claim) => (queue, most) => (queue === "dropped_queue" ? failWith(dropped) : claim)(queue, most) },
    );
    await run();
    expect(started).toHaveLength(100);
    await clock.advance(60_000);
    expect(looks.length).toBeGreaterThan(60);
    expect(new Set(warnings)).toEqual(new Set(["steps of one queue could not be claimed"]));
    expect(warnings.length).toBeLessThan(20);
  });
});

describe("the claim loop's heart beats", () => {
  it.each([
    ["idle", () => undefined],
    ["full", (test: ReturnType<typeof createTestLoop>) => test.setRoom(0)],
    ["paused", (test: ReturnType<typeof createTestLoop>) => test.loop.pause()],
  ])("while it is %s, and its poller counts as alive", async (_what, bring) => {
    const test = createTestLoop({ a_queue: 0 });
    await test.run();
    bring(test);
    for (let second = 0; second < 120; second += 1) {
      await test.clock.advance(1_000);
      expect(test.loop.heartbeat.ageMs()).toBeLessThanOrEqual(1_000);
      expect(test.loop.polledAgoMs()).toBeLessThanOrEqual(1_000);
    }
  });

  it("while claims fail, but its poller does not count as alive", async () => {
    const { clock, loop, run } = createTestLoop({ a_queue: 0 }, { claimBy: () => failWith(away) });
    await run();
    for (let second = 0; second < 60; second += 1) {
      await clock.advance(1_000);
      expect(loop.heartbeat.ageMs()).toBeLessThanOrEqual(1_000);
    }
    expect(loop.polledAgoMs()).toBe(60_000);
  });

  it("while a claim takes its time, and no longer once it outlasts its limits", async () => {
    const { clock, loop, run } = createTestLoop({ a_queue: 0 }, { claimBy: () => () => new Promise(() => undefined) });
    await run();
    await clock.advance(20_000);
    expect(loop.heartbeat.ageMs()).toBeLessThanOrEqual(1_000);
    await clock.advance(30_000);
    expect(loop.heartbeat.ageMs()).toBeGreaterThan(29_000);
  });

  it("without any queue", async () => {
    const { clock, loop, run } = createTestLoop({});
    await run();
    await clock.advance(60_000);
    expect([loop.heartbeat.ageMs() <= 1_000, loop.polledAgoMs() <= 1_000, loop.state()]).toEqual([true, true, "running"]);
  });

  it("no more once it broke, which its promise tells", async () => {
    const room = (): number => {
      throw new Error("broken");
    };
    const { clock, loop, run } = createTestLoop({ a_queue: 0 }, { room });
    const { ended } = await run();
    expect(await ended).toMatchObject({ message: "broken" });
    await clock.advance(5_000);
    expect([loop.state(), loop.heartbeat.ageMs()]).toEqual(["stopped", 5_000]);
  });
});

describe("whoever waits for what a claim brings", () => {
  it("is told when its messages have been started, or it has failed", async () => {
    for (const fails of [false, true]) {
      let answer: () => void = () => undefined;
      const claimBy = (claim: Claim): Claim => async (...asked) => {
        await new Promise<void>((resolve) => (answer = resolve));
        return fails ? Promise.reject(away) : claim(...asked);
      };
      const { clock, loop, run, started } = createTestLoop({ a_queue: 1 }, { claimBy });
      await run();
      const told: unknown[] = [];
      const waiting = loop.whenTakenOver("a_queue").then(() => told.push([...started]));
      await clock.advance(0);
      expect(told).toEqual([]);
      answer();
      await waiting;
      expect(told).toEqual([fails ? [] : ["a"]]);
    }
  });

  it("is told at once where no claim is under way on that queue", async () => {
    const { loop, run } = createTestLoop({ a_queue: 1 }, { claimBy: () => () => new Promise(() => undefined) });
    await expect(loop.whenTakenOver("a_queue")).resolves.toBeUndefined();
    await run();
    await expect(loop.whenTakenOver("b_queue")).resolves.toBeUndefined();
  });
});
