import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createHeartbeat } from "./heartbeat.js";

describe("createHeartbeat", () => {
  it("starts with an age of 0, and ages from the last beat", async () => {
    const clock = createFakeClock();
    const heartbeat = createHeartbeat(clock);
    expect(heartbeat.ageMs()).toBe(0);
    await clock.advance(250);
    expect(heartbeat.ageMs()).toBe(250);
    heartbeat.beat();
    await clock.advance(10);
    expect(heartbeat.ageMs()).toBe(10);
  });

  it("does not age when the wall clock jumps", async () => {
    let wallMs = 1_000;
    const clock = { ...createFakeClock(), wallMs: () => wallMs };
    const heartbeat = createHeartbeat(clock);
    wallMs = 9_999_999;
    expect(heartbeat.ageMs()).toBe(0);
  });
});
