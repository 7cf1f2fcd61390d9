import { describe, expect, it } from "vitest";
import { away, createTestLoop, failWith } from "../testing/test-claim-loop.js";

describe("the claim loop's heart beats", () => {
  it.each([
    ["idle", () => undefined],
    ["full", (test: ReturnType<typeof createTestLoop>) => test.setCapacity(0)],
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
    const { clock, loop, run } = createTestLoop(
      { a_queue: 0 },
      { claimBy: () => () => new Promise(() => undefined) },
    );
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
    expect([loop.heartbeat.ageMs() <= 1_000, loop.polledAgoMs() <= 1_000, loop.state()]).toEqual([
      true,
      true,
      "running",
    ]);
  });

  it("no more after it broke, and its promise rejects", async () => {
    const capacity = (): number => {
      throw new Error("broken");
    };
    const { clock, loop, run } = createTestLoop({ a_queue: 0 }, { capacity });
    const { ended } = await run();
    expect(await ended).toMatchObject({ message: "broken" });
    await clock.advance(5_000);
    expect([loop.state(), loop.heartbeat.ageMs()]).toEqual(["stopped", 5_000]);
  });
});
