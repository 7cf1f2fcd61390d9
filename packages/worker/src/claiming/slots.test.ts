import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { createSlots } from "./slots.js";

function createTestSlots(total = 2) {
  const clock = createFakeClock();
  let released = 0;
  const slots = createSlots({ total, clock });
  const take = () => slots.take(() => void (released += 1));
  return { clock, slots, take, released: () => released };
}

describe("slots", () => {
  it("are free until they are taken, and again when they are released", () => {
    const { slots, take } = createTestSlots();
    const slot = take();
    expect(slots.free()).toBe(1);
    expect(slots.counts()).toEqual({ total: 2, busy: 1, overdue: 0 });
    slot.release();
    expect(slots.free()).toBe(2);
  });

  it("say at their release for how long they were taken", async () => {
    const { clock, slots } = createTestSlots();
    const took: number[] = [];
    const slot = slots.take((ms) => took.push(ms));
    await clock.advance(250);
    slot.release();
    expect(took).toEqual([250]);
  });

  it("call back once for each release, however often it is called", () => {
    const { slots, take, released } = createTestSlots();
    const slot = take();
    slot.release();
    slot.release();
    expect(released()).toBe(1);
    expect(slots.free()).toBe(2);
  });

  it("are overdue once their step is more than five seconds past its time-out", async () => {
    const { clock, slots, take } = createTestSlots();
    take().start(clock.monotonicMs() + 1_000);
    await clock.advance(6_000);
    expect(slots.counts().overdue).toBe(0);
    await clock.advance(1);
    expect(slots.counts().overdue).toBe(1);
  });

  it("are never overdue while their step has not begun, or has left", async () => {
    const { clock, slots, take } = createTestSlots();
    take();
    const slot = take();
    slot.start(0);
    slot.release();
    await clock.advance(3_600_000);
    expect(slots.counts()).toEqual({ total: 2, busy: 1, overdue: 0 });
  });
});
