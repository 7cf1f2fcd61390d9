import { createFakeClock, waitFor } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { measureEventLoopDelays } from "./event-loop-delays.js";

const minuteMs = 60_000;
const blockedMs = 1_000;

it("keeps a delay for at least one minute and at most two, however often it is read", async () => {
  const clock = createFakeClock();
  const longest = (): number => measured?.().max ?? Number.NaN;
  const measured = measureEventLoopDelays(clock);
  expect(measured?.()).toMatchObject({ min: 0, max: 0, mean: 0, p99: 0 });
  await waitFor(() => longest() > 0, { what: "a first delay" });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockedMs);
  await waitFor(() => longest() >= blockedMs / 1_000, { what: "the block" });
  const blocked = longest();
  expect(longest()).toBe(blocked);
  await clock.advance(minuteMs);
  expect(longest()).toBe(blocked);
  await clock.advance(minuteMs - 1);
  expect(longest()).toBe(blocked);
  await clock.advance(1);
  expect(longest()).toBeLessThan(blocked);
});
