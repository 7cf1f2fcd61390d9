import { describe, expect, it } from "vitest";
import { createHeartbeat, createWorkerContext } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { createClaimLoopWatchdog } from "./claim-loop-watchdog.js";

function createTestWatchdog() {
  const clock = createFakeClock();
  const { liveness } = createWorkerContext({ clock });
  const heartbeat = createHeartbeat(clock);
  let slots = { total: 2, busy: 0, overdue: 0 };
  const processor = { state: () => "running" as const, heartbeat, slots: () => slots };
  createClaimLoopWatchdog({ processor, liveness, clock, stallAfterMs: 5_000 }).start();
  const beatFor = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      heartbeat.beat();
      await clock.advance(1_000);
    }
  };
  return {
    clock,
    liveness,
    heartbeat,
    beatFor,
    setSlots: (overdue: number) => (slots = { total: 2, busy: 2, overdue }),
  };
}

describe("the claim loop's watchdog", () => {
  it("is content while the loop beats, full or not", async () => {
    const { liveness, beatFor, setSlots } = createTestWatchdog();
    await beatFor(60);
    setSlots(1);
    await beatFor(60);
    expect(liveness.deadReason()).toBeNull();
  });

  it("reports a loop that has not beaten for twice the time after which it counts as stalled", async () => {
    const { clock, liveness } = createTestWatchdog();
    await clock.advance(9_000);
    expect(liveness.deadReason()).toBeNull();
    await clock.advance(1_000);
    expect(liveness.deadReason()).toBe("claim_loop_stopped");
  });

  it("reports slots that have all been overdue for as long", async () => {
    const { liveness, beatFor, setSlots } = createTestWatchdog();
    setSlots(2);
    await beatFor(10);
    expect(liveness.deadReason()).toBeNull();
    await beatFor(1);
    expect(liveness.deadReason()).toBe("claim_loop_stopped");
  });

  it("starts again when a slot comes free in between", async () => {
    const { liveness, beatFor, setSlots } = createTestWatchdog();
    setSlots(2);
    await beatFor(8);
    setSlots(1);
    await beatFor(1);
    setSlots(2);
    await beatFor(8);
    expect(liveness.deadReason()).toBeNull();
  });

  it("withdraws its report when the loop beats again", async () => {
    const { clock, liveness, beatFor } = createTestWatchdog();
    await clock.advance(20_000);
    expect(liveness.deadReason()).toBe("claim_loop_stopped");
    await beatFor(2);
    expect(liveness.deadReason()).toBeNull();
  });
});
