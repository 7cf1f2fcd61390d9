import {
  type ClaimRefusals,
  type CommandProcessor,
  createHeartbeat,
  type OutcomeRefusals,
} from "@tasker-observability/core";
import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createCommandProcessorCheck } from "./command-processor-check.js";
import type { CheckResult } from "./check.js";

type State = ReturnType<CommandProcessor["state"]>;

interface Processor extends CommandProcessor {
  at: State;
  busy: { total: number; busy: number; overdue: number } | null;
  beat(): void;
}

function createProcessor(clock: FakeClock): Processor {
  const heartbeat = createHeartbeat(clock);
  return {
    at: "running",
    busy: { total: 4, busy: 0, overdue: 0 },
    heartbeat,
    beat: () => heartbeat.beat(),
    state() {
      return this.at;
    },
    slots() {
      return this.busy;
    },
  };
}

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
    expect(await pass(120, setUp())).toEqual({ status: "healthy" });
  });

  it("is healthy while every slot is busy within its time", async () => {
    const given = setUp();
    given.processor.busy = { total: 4, busy: 4, overdue: 0 };
    expect(await pass(600, given)).toEqual({ status: "healthy" });
  });

  it("is unhealthy once the loop has not ticked for 30 s", async () => {
    const { clock, run } = setUp();
    await clock.advance(29_999);
    expect(run()).toEqual({ status: "healthy" });
    await clock.advance(1);
    expect(run()).toEqual({ status: "unhealthy", message: "no tick for 30000 ms" });
  });

  it("is healthy again when the loop ticks again", async () => {
    const { clock, processor, run } = setUp();
    await clock.advance(60_000);
    processor.beat();
    expect(run()).toEqual({ status: "healthy" });
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

  it("counts anew when a slot came free meanwhile", async () => {
    const given = setUp();
    given.processor.busy = { total: 4, busy: 4, overdue: 4 };
    await pass(20, given);
    given.processor.busy = { total: 4, busy: 3, overdue: 3 };
    await pass(1, given);
    given.processor.busy = { total: 4, busy: 4, overdue: 4 };
    expect(await pass(29, given)).toMatchObject({ status: "healthy" });
  });

  it("is unhealthy at once when stopped", () => {
    const { processor, run } = setUp();
    processor.at = "stopped";
    expect(run()).toEqual({ status: "unhealthy", message: "stopped" });
  });

  it("is degraded while paused, and unhealthy where the paused loop is stuck", async () => {
    const { clock, processor, run } = setUp();
    processor.at = "paused";
    expect(run()).toEqual({ status: "degraded", message: "paused" });
    await clock.advance(30_000);
    expect(run()).toEqual({ status: "unhealthy", message: "no tick for 30000 ms" });
  });

  describe("while claims are refused", () => {
    const error = Object.assign(new Error("permission denied for table q_secret_queue"), {
      code: "42501",
    });
    const runWith = (
      refusals: Omit<ClaimRefusals, "error"> | null,
      at: State = "running",
    ): CheckResult => {
      const clock = createFakeClock();
      const processor = {
        ...createProcessor(clock),
        at,
        refusals: () => (refusals === null ? null : { ...refusals, error }),
      };
      const never = new AbortController().signal;
      return createCommandProcessorCheck({ commandProcessor: processor, clock }).run(never, {
        abandoned: never,
      }) as CheckResult;
    };

    it("is degraded, and names the kind of refusal", () => {
      expect(runWith({ queues: 2, refused: 2, without_success_ms: 29_999 })).toEqual({
        status: "degraded",
        message: "claims refused: permission_denied",
      });
    });

    it("is unhealthy once no claim has succeeded for 30 s", () => {
      expect(runWith({ queues: 2, refused: 2, without_success_ms: 30_000 })).toEqual({
        status: "unhealthy",
        message: "claims refused for 30000 ms: permission_denied",
      });
    });

    it("is degraded and no more, however long, where other queues are claimed from", () => {
      expect(runWith({ queues: 3, refused: 1, without_success_ms: 90_000 })).toEqual({
        status: "degraded",
        message: "claims of 1 of 3 queues refused: permission_denied",
      });
    });

    it("says that it is paused where it is", () => {
      expect(runWith({ queues: 1, refused: 1, without_success_ms: 0 }, "paused")).toEqual({
        status: "degraded",
        message: "paused",
      });
    });

    it("is healthy when none is refused any more", () => {
      expect(runWith(null)).toEqual({ status: "healthy" });
    });
  });

  describe("while outcomes are refused", () => {
    const error = Object.assign(new Error("relation pgmq.a_secret_queue does not exist"), {
      code: "42P01",
    });
    const refusedOf = (...queues: readonly string[]): OutcomeRefusals["refused"] =>
      queues.map((queue_name) => ({ queue_name, outcome: "completions", waiting: 3, error }));
    const runWith = (
      outcomes: OutcomeRefusals | null,
      more: Partial<CommandProcessor> = {},
    ): CheckResult => {
      const clock = createFakeClock();
      const commandProcessor = {
        ...createProcessor(clock),
        outcomeRefusals: () => outcomes,
        ...more,
      };
      const never = new AbortController().signal;
      return createCommandProcessorCheck({ commandProcessor, clock }).run(never, {
        abandoned: never,
      }) as CheckResult;
    };

    it("is degraded, and names the kind of outcome, the queue and the kind of refusal", () => {
      const refused = [
        ...refusedOf("payments_queue"),
        { ...refusedOf("orders_queue")[0]!, outcome: "dead letters" as const, error: new Error() },
      ];
      expect(runWith({ refused, without_success_ms: 29_999 })).toEqual({
        status: "degraded",
        message:
          "completions of payments_queue refused: table_not_found; dead letters of orders_queue refused: failed",
      });
    });

    it("is unhealthy once none has been written for 30 s", () => {
      expect(runWith({ refused: refusedOf("payments_queue"), without_success_ms: 30_000 })).toEqual(
        {
          status: "unhealthy",
          message: "completions of payments_queue refused for 30000 ms: table_not_found",
        },
      );
    });

    it("names three at most", () => {
      const refused = refusedOf("a", "b", "c", "d", "e");
      expect(runWith({ refused, without_success_ms: 0 }).message).toMatch(
        /^completions of a .*; completions of c refused: table_not_found; 2 more refused$/,
      );
    });

    it("says that claims are refused, or that it is paused, where it is that too", () => {
      const outcomes = { refused: refusedOf("a"), without_success_ms: 0 };
      const refusals = (): ClaimRefusals => ({
        queues: 1,
        refused: 1,
        without_success_ms: 0,
        error,
      });
      expect(runWith(outcomes, { refusals }).message).toBe("claims refused: table_not_found");
      expect(runWith(outcomes, { state: () => "paused" }).message).toBe("paused");
    });

    it("is healthy when none is refused any more", () => {
      expect(runWith(null)).toEqual({ status: "healthy" });
    });
  });

  it("asks neither for ticks nor for slots where the processor has none", async () => {
    const clock = createFakeClock();
    const check = createCommandProcessorCheck({
      commandProcessor: { state: () => "running", heartbeat: null, slots: () => null },
      clock,
    });
    await clock.advance(100_000);
    const never = new AbortController().signal;
    expect(check.run(never, { abandoned: never })).toEqual({ status: "healthy" });
  });

  it("takes another bound for stalled", async () => {
    const { clock, run } = setUp(500);
    await clock.advance(500);
    expect(run()).toEqual({ status: "unhealthy", message: "no tick for 500 ms" });
  });
});
