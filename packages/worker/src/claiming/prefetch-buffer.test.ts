import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { claimOf } from "../testing/claimed-message.js";
import { createInFlightSteps, type InFlightStep } from "./in-flight-steps.js";
import { createPrefetchBuffer } from "./prefetch-buffer.js";

/** A buffer of a worker in which so many steps run at once, and each takes so many milliseconds. */
async function createBuffer({ concurrency = 1, tookMs = 1, bufferSize = 1_000 } = {}) {
  const clock = createFakeClock();
  const buffer = createPrefetchBuffer({ bufferSize, concurrency, clock });
  const inFlight = createInFlightSteps({ clock });
  let nextId = 1;
  const fill = (count: number): void => {
    for (let index = 0; index < count; index += 1)
      buffer.push(inFlight.add("payments", claimOf(String(nextId++))));
  };
  // Rarely, as where each of them waits for a claim of its own.
  const endSteps = async (eachTookMs: number): Promise<void> => {
    for (let end = 1; end <= 40; end += 1) {
      await clock.advance(50);
      buffer.recordDuration(eachTookMs);
    }
  };
  await endSteps(tookMs);
  const ids = (steps: readonly { readonly claim: { readonly messageId: string } }[]) =>
    steps.map(({ claim }) => claim.messageId);
  return { clock, buffer, fill, ids, endSteps };
}

describe("the prefetch buffer", () => {
  it("asks for no more than the free slots until a step has ended", () => {
    const buffer = createPrefetchBuffer({
      bufferSize: 1_000,
      concurrency: 10,
      clock: createFakeClock(),
    });
    expect([buffer.room(10), buffer.room(0)]).toEqual([10, 0]);
    buffer.recordDuration(10);
    expect([buffer.room(10), buffer.room(0)]).toEqual([15, 5]);
  });

  it.each([
    [1, 0, 100],
    [2, 0.01, 100],
    [4, 1, 20],
    [1, 5, 1],
    [1, 10, 0],
  ])(
    "buffers 5 ms of work: %d at once that take %d ms each",
    async (concurrency, tookMs, expected) => {
      const { buffer } = await createBuffer({ concurrency, tookMs });
      expect(buffer.room(0)).toBe(expected);
    },
  );

  it("buffers no more than half of the steps in flight", async () => {
    const { buffer } = await createBuffer({ concurrency: 20, bufferSize: 40 });
    expect(buffer.room(0)).toBe(20);
  });

  it("asks for more once it is half empty, so that one claim takes many", async () => {
    const { buffer, fill } = await createBuffer({ concurrency: 4 });
    fill(11);
    expect(buffer.room(0)).toBe(0);
    buffer.shift();
    expect(buffer.room(0)).toBe(10);
  });

  it("hands steps out in the order in which they came", async () => {
    const { buffer, fill, ids } = await createBuffer();
    fill(2);
    const first = buffer.shift();
    fill(1);
    expect(ids([first!, buffer.shift()!, buffer.shift()!])).toEqual(["1", "2", "3"]);
    expect([buffer.shift(), buffer.size]).toEqual([undefined, 0]);
  });

  it("keeps no step that has left it, even where it is never empty", async () => {
    const { buffer } = await createBuffer();
    const pushed: WeakRef<InFlightStep>[] = [];
    const push = (): void => {
      const step = { claimedAtMs: 0 } as InFlightStep;
      pushed.push(new WeakRef(step));
      buffer.push(step);
    };
    push();
    for (let count = 0; count < 200; count += 1) {
      push();
      buffer.shift();
    }
    // A WeakRef keeps what it refers to until the turn of the event loop ends.
    await new Promise((resolve) => setImmediate(resolve));
    setFlagsFromString("--expose-gc");
    (runInNewContext("gc") as () => void)();
    expect(pushed.slice(0, 100).filter((step) => step.deref() !== undefined)).toEqual([]);
  });

  it("yields all steps once the first has waited for 200 ms, and measures handlers anew", async () => {
    const { clock, buffer, fill, ids, endSteps } = await createBuffer({ concurrency: 2 });
    fill(2);
    await clock.advance(100);
    fill(1);
    await clock.advance(99);
    expect(buffer.takeStale()).toEqual([]);
    await clock.advance(1);
    expect(ids(buffer.takeStale())).toEqual(["1", "2", "3"]);
    expect([buffer.size, buffer.room(0), buffer.room(10)]).toEqual([0, 0, 10]);
    await endSteps(2);
    expect(buffer.room(0)).toBe(5);
  });

  it("yields nothing while steps leave it in time", async () => {
    const { clock, buffer, fill } = await createBuffer();
    fill(2);
    for (let round = 0; round < 5; round += 1) {
      await clock.advance(120);
      buffer.shift();
      fill(1);
      expect(buffer.takeStale()).toEqual([]);
      buffer.shift();
      fill(1);
    }
  });

  it("yields everything when it is told to", async () => {
    const { buffer, fill, ids } = await createBuffer();
    fill(3);
    buffer.shift();
    expect(ids(buffer.takeAll())).toEqual(["2", "3"]);
    expect(buffer.size).toBe(0);
    fill(1);
    expect(ids([buffer.shift()!])).toEqual(["4"]);
  });
});
