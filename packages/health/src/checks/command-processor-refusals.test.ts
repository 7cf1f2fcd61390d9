import {
  type ClaimRefusals,
  type CommandProcessor,
  type OutcomeRefusals,
} from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createCommandProcessorCheck } from "./command-processor-check.js";
import type { CheckResult } from "./check.js";
import { type State, createProcessor } from "../testing/command-processor.js";

describe("the command processor check", () => {
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

    it("stays degraded while other queues are claimed from", () => {
      expect(runWith({ queues: 3, refused: 1, without_success_ms: 90_000 })).toEqual({
        status: "degraded",
        message: "claims of 1 of 3 queues refused: permission_denied",
      });
    });

    it("reports that it is paused", () => {
      expect(runWith({ queues: 1, refused: 1, without_success_ms: 0 }, "paused")).toEqual({
        status: "degraded",
        message: "paused",
      });
    });

    it("is healthy again once none is refused", () => {
      expect(runWith(null)).toEqual({ status: "healthy", message: "running, 0 of 4 slots busy" });
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

    it("reports refused claims and a pause first", () => {
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

    it("is healthy again once none is refused", () => {
      expect(runWith(null)).toEqual({ status: "healthy", message: "running, 0 of 4 slots busy" });
    });
  });
});
