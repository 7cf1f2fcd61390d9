import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createOverrunningHandlers } from "./overrunning-handlers.js";

function createTestWatch() {
  const clock = createFakeClock();
  const lines: unknown[] = [];
  const handlers = createOverrunningHandlers({
    clock,
    logger: (level, _message, fields) => lines.push([level, fields]),
  });
  return { clock, lines, handlers };
}

describe("a handler whose step is over", () => {
  it("is logged after running on for five seconds, and again when it ends", async () => {
    const { clock, lines, handlers } = createTestWatch();
    const end = handlers.watch({ handler: "Deaf" });
    await clock.advance(4_999);
    expect(lines).toEqual([]);
    await clock.advance(1);
    expect(lines).toEqual([["warn", { handler: "Deaf" }]]);
    await clock.advance(55_000);
    end();
    expect(lines.slice(1)).toEqual([["warn", { handler: "Deaf", late_ms: 60_000 }]]);
  });

  it("is not logged when it ends sooner", async () => {
    const { clock, lines, handlers } = createTestWatch();
    const end = handlers.watch({});
    await clock.advance(4_999);
    end();
    await clock.advance(60_000);
    expect([lines, clock.pendingTimers()]).toEqual([[], 0]);
  });

  it("is not logged once the worker has stopped, and leaves no timer", async () => {
    const { clock, lines, handlers } = createTestWatch();
    handlers.watch({});
    handlers.watch({});
    handlers.close();
    expect(clock.pendingTimers()).toBe(0);
    await clock.advance(60_000);
    expect(lines).toEqual([]);
  });
});
