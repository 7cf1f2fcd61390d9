import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { claimOf } from "../testing/claimed-message.js";
import { createInFlightSteps } from "./in-flight-steps.js";
import { createPrefetchBuffer } from "./prefetch-buffer.js";

/** A buffer of a worker with so many slots, whose handlers have taken so long. */
function createBuffer({ concurrency = 10, handlerMs = 1, bufferSize = 1_000 } = {}) {
  const clock = createFakeClock();
  const buffer = createPrefetchBuffer({ concurrency, bufferSize, clock });
  buffer.observe(handlerMs);
  const inFlight = createInFlightSteps({ clock });
  let nextId = 1;
  const fill = (count: number): void => {
    for (let index = 0; index < count; index += 1)
      buffer.push(inFlight.acquire("payments", claimOf(String(nextId++))));
  };
  const ids = (steps: readonly { readonly claim: { readonly messageId: string } }[]) =>
    steps.map(({ claim }) => claim.messageId);
  return { clock, buffer, fill, ids };
}

describe("the prefetch buffer", () => {
  it("asks for no more than the free slots until it knows how long handlers take", () => {
    const buffer = createPrefetchBuffer({
      concurrency: 10,
      bufferSize: 1_000,
      clock: createFakeClock(),
    });
    expect(buffer.room(10)).toBe(10);
    expect(buffer.room(0)).toBe(0);
  });

  it.each([
    ["fast handlers", 0.01, 500],
    ["handlers of 5 ms", 5, 100],
    ["handlers of 100 ms", 100, 5],
    ["handlers of a second", 1_000, 0],
  ])("holds 50 ms of work: with %s", (_what, handlerMs, expected) => {
    expect(createBuffer({ handlerMs }).buffer.room(0)).toBe(expected);
  });

  it("holds no more than half of the steps in flight", () => {
    expect(createBuffer({ handlerMs: 0.01, bufferSize: 40 }).buffer.room(0)).toBe(20);
  });

  it("asks for more once it is half empty, so that one claim takes many", () => {
    const { buffer, fill } = createBuffer({ handlerMs: 5 });
    fill(51);
    expect(buffer.room(0)).toBe(0);
    buffer.shift();
    expect(buffer.room(0)).toBe(50);
  });

  it("hands steps out in the order in which they came", () => {
    const { buffer, fill, ids } = createBuffer();
    fill(2);
    const first = buffer.shift();
    fill(1);
    expect(ids([first!, buffer.shift()!, buffer.shift()!])).toEqual(["1", "2", "3"]);
    expect([buffer.shift(), buffer.size]).toEqual([undefined, 0]);
  });

  it("gives up all steps once the first has waited for a second, and learns anew how long handlers take", async () => {
    const { clock, buffer, fill, ids } = createBuffer({ handlerMs: 5 });
    fill(2);
    await clock.advance(500);
    fill(1);
    await clock.advance(499);
    expect(buffer.takeOverdue()).toEqual([]);
    await clock.advance(1);
    expect(ids(buffer.takeOverdue())).toEqual(["1", "2", "3"]);
    expect([buffer.size, buffer.room(0), buffer.room(10)]).toEqual([0, 0, 10]);
    buffer.observe(10);
    expect(buffer.room(0)).toBe(50);
  });

  it("gives up nothing while steps leave it in time", async () => {
    const { clock, buffer, fill } = createBuffer();
    fill(2);
    for (let round = 0; round < 5; round += 1) {
      await clock.advance(600);
      buffer.shift();
      fill(1);
      expect(buffer.takeOverdue()).toEqual([]);
      buffer.shift();
      fill(1);
    }
  });

  it("gives up everything when it is told to", () => {
    const { buffer, fill, ids } = createBuffer();
    fill(3);
    buffer.shift();
    expect(ids(buffer.takeAll())).toEqual(["2", "3"]);
    expect(buffer.size).toBe(0);
    fill(1);
    expect(ids([buffer.shift()!])).toEqual(["4"]);
  });
});
