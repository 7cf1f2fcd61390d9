import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createLateHandlers } from "./late-handlers.js";

function createTestWatch() {
  const clock = createFakeClock();
  const told: unknown[] = [];
  const handlers = createLateHandlers({
    clock,
    logger: (level, _message, fields) => told.push([level, fields]),
  });
  return { clock, told, handlers };
}

describe("a handler whose step is over", () => {
  it("is told of when it has run on for five seconds, and when it ends", async () => {
    const { clock, told, handlers } = createTestWatch();
    const end = handlers.watch({ handler: "Deaf" });
    await clock.advance(4_999);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual([["warn", { handler: "Deaf" }]]);
    await clock.advance(55_000);
    end();
    expect(told.slice(1)).toEqual([["warn", { handler: "Deaf", late_ms: 60_000 }]]);
  });

  it("is not told of where it ends sooner", async () => {
    const { clock, told, handlers } = createTestWatch();
    const end = handlers.watch({});
    await clock.advance(4_999);
    end();
    await clock.advance(60_000);
    expect([told, clock.pendingTimers()]).toEqual([[], 0]);
  });

  it("is told of no more once the worker has stopped, and no timer is left", async () => {
    const { clock, told, handlers } = createTestWatch();
    handlers.watch({});
    handlers.watch({});
    handlers.close();
    expect(clock.pendingTimers()).toBe(0);
    await clock.advance(60_000);
    expect(told).toEqual([]);
  });
});
