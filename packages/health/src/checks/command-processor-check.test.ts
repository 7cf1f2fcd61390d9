import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createCommandProcessorCheck } from "./command-processor-check.js";
import type { CheckResult } from "./check.js";
import { type Processor, createProcessor } from "../testing/command-processor.js";

function setUp(stallAfterMs?: number): {
  clock: FakeClock;
  processor: Processor;
  run: () => CheckResult;
} {
  const clock = createFakeClock();
  const processor = createProcessor(clock);
  const check = createCommandProcessorCheck({ commandProcessor: processor, clock, stallAfterMs });
  const never = new AbortController().signal;
  return { clock, processor, run: () => check.run(never, { abandoned: never }) as CheckResult };
}

/** Lets time pass for a loop that ticks and a prober that asks, once a second each. */
async function pass(
  seconds: number,
  { clock, processor, run }: ReturnType<typeof setUp>,
): Promise<CheckResult> {
  for (let second = 0; second < seconds; second += 1) {
    await clock.advance(1_000);
    processor.beat();
    run();
  }
  return run();
}

describe("the command processor check", () => {
  it("is healthy while an idle loop ticks", async () => {
    expect(await pass(120, setUp())).toEqual({
      status: "healthy",
      message: "running, 0 of 4 slots busy",
    });
  });

  it("is healthy while every slot is busy within its time", async () => {
    const given = setUp();
    given.processor.busy = { total: 4, busy: 4, overdue: 0 };
    expect(await pass(600, given)).toEqual({
      status: "healthy",
      message: "running, 4 of 4 slots busy",
    });
  });

  it("is unhealthy once the loop has not ticked for 30 s", async () => {
    const { clock, run } = setUp();
    await clock.advance(29_999);
    expect(run()).toEqual({ status: "healthy", message: "running, 0 of 4 slots busy" });
    await clock.advance(1);
    expect(run()).toEqual({ status: "unhealthy", message: "no tick for 30000 ms" });
  });

  it("is healthy again when the loop ticks again", async () => {
    const { clock, processor, run } = setUp();
    await clock.advance(60_000);
    processor.beat();
    expect(run()).toEqual({ status: "healthy", message: "running, 0 of 4 slots busy" });
  });

  it("is unhealthy once every slot has been overdue for 30 s", async () => {
    const given = setUp();
    given.processor.busy = { total: 4, busy: 4, overdue: 4 };
    given.run();
    expect(await pass(29, given)).toEqual({ status: "healthy", message: "4 of 4 slots overdue" });
    expect(await pass(1, given)).toEqual({
      status: "unhealthy",
      message: "every slot overdue for 30000 ms",
    });
  });

  it("stays healthy while one slot still works, and says how many do not", async () => {
    const given = setUp();
    given.processor.busy = { total: 4, busy: 4, overdue: 3 };
    expect(await pass(300, given)).toEqual({ status: "healthy", message: "3 of 4 slots overdue" });
  });

  it("starts counting again when a slot was free in between", async () => {
    const given = setUp();
    given.processor.busy = { total: 4, busy: 4, overdue: 4 };
    await pass(20, given);
    given.processor.busy = { total: 4, busy: 3, overdue: 3 };
    await pass(1, given);
    given.processor.busy = { total: 4, busy: 4, overdue: 4 };
    expect(await pass(29, given)).toMatchObject({ status: "healthy" });
  });

  it("is unhealthy as soon as it is stopped", () => {
    const { processor, run } = setUp();
    processor.at = "stopped";
    expect(run()).toEqual({ status: "unhealthy", message: "stopped" });
  });

  it("is degraded while paused, and unhealthy if the paused loop is stuck", async () => {
    const { clock, processor, run } = setUp();
    processor.at = "paused";
    expect(run()).toEqual({ status: "degraded", message: "paused" });
    await clock.advance(30_000);
    expect(run()).toEqual({ status: "unhealthy", message: "no tick for 30000 ms" });
  });

  it("needs neither ticks nor slots", async () => {
    const clock = createFakeClock();
    const check = createCommandProcessorCheck({
      commandProcessor: { state: () => "running", heartbeat: null, slots: () => null },
      clock,
    });
    await clock.advance(100_000);
    const never = new AbortController().signal;
    expect(check.run(never, { abandoned: never })).toEqual({
      status: "healthy",
      message: "running",
    });
  });

  it("uses the given bound for a stalled loop", async () => {
    const { clock, run } = setUp(500);
    await clock.advance(500);
    expect(run()).toEqual({ status: "unhealthy", message: "no tick for 500 ms" });
  });
});
