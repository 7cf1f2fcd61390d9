import type { ReleaseReason } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createReleasePolicy } from "./release-policy.js";
import type { ClaimedMessage } from "../queues/step-message.js";
import { createCompletionHistory } from "../queues/completion-history.js";
import { StepNotRunnableError } from "./step-not-runnable-error.js";
import { claimedMessage } from "../testing/claimed-message.js";

const enqueuedMs = Date.parse("2025-01-01T00:00:00.000Z");
const missing = new StepNotRunnableError("template_not_found", "There is no template.");

function createTestPolicy(options: { limitSeconds?: number; random?: number } = {}) {
  const clock = createFakeClock();
  const lines: unknown[] = [];
  const policy = createReleasePolicy({
    limitSeconds: options.limitSeconds ?? 600,
    clock,
    logger: (level, message, fields) => lines.push({ level, message, ...fields }),
    random: () => options.random ?? 1,
  });
  return { clock, lines, policy };
}

/** A claim so many seconds after its message was enqueued. */
function claimAt(seconds: number, body: unknown = {}, readCount = 1): ClaimedMessage {
  return claimedMessage({
    enqueuedAtMicros: String(enqueuedMs * 1_000),
    readCount,
    ageMs: seconds * 1_000,
    body,
  });
}

const markAt = (seconds: number, attempts = 0): object => ({
  tasker_given_back: { first_at: new Date(enqueuedMs + seconds * 1_000).toISOString(), attempts },
});

describe("a step that a worker cannot run", () => {
  it("is counted from its first release, not from when it was enqueued: a backlog is no reason", () => {
    expect(createTestPolicy().policy.decide(claimAt(7_200), missing)).toEqual({
      kind: "released",
      delayMs: 500,
      firstRelease: { first_at: "2025-01-01T02:00:00.000Z", attempts: 0 },
    });
  });

  it.each([
    [0.5, 500],
    [10, 2_500],
    [60, 15_000],
    [200, 30_000],
    [595, 5_000],
  ])("waits longer the longer it goes on: after %f s for %i ms", (elapsed, delayMs) => {
    const claim = claimAt(100 + elapsed, markAt(100));
    expect(createTestPolicy().policy.decide(claim, missing)).toEqual({
      kind: "released",
      delayMs,
      firstRelease: null,
    });
  });

  it("waits for a random part of that time, half of it at least", () => {
    const claim = claimAt(110, markAt(100));
    expect(createTestPolicy({ random: 0 }).policy.decide(claim, missing)).toMatchObject({
      delayMs: 1_250,
    });
  });

  it("is dead-lettered when its time is over, and the reason says what was missing, how long and what to do", () => {
    const decision = createTestPolicy().policy.decide(claimAt(700, markAt(100)), missing);
    expect(decision).toEqual({
      kind: "expired",
      reason: {
        code: "template_not_found",
        message:
          "There is no template. No worker that claimed the step within 600 s could run it. Deploy a worker that has what is missing, then retry this dead letter.",
      },
    });
  });

  it.each([-7_200, 7_200])(
    "goes back while the database is away, if the worker's clock is %i s off too",
    async (offSeconds) => {
      const { policy } = createTestPolicy();
      const history = createCompletionHistory({
        clock: createFakeClock(enqueuedMs + (700 + offSeconds) * 1_000),
        transactions: {
          run: () =>
            Promise.reject(Object.assign(new Error("no server"), { code: "ECONNREFUSED" })),
        },
      });
      const message = { template: { namespace: "n", name: "t", version: "1.0.0" }, step_name: "s" };
      const claim = claimAt(700, markAt(100));
      const lastCompletedAtMs = (seconds: number): Promise<number | null> =>
        history.lastCompletedAtMs(claim, message, seconds);
      expect(await policy.decide(claim, missing, lastCompletedAtMs)).toMatchObject({
        kind: "released",
      });
    },
  );

  it("is dead-lettered immediately when the limit is 0", () => {
    const { policy } = createTestPolicy({ limitSeconds: 0 });
    expect(policy.decide(claimAt(0), missing)).toMatchObject({ kind: "expired" });
  });

  it.each([0, 600])(
    "is never dead-lettered while the templates cannot be read, with a limit of %i s",
    (limitSeconds) => {
      const { policy } = createTestPolicy({ limitSeconds });
      const unreadable = new StepNotRunnableError("template_source_unavailable", "No answer.");
      expect(policy.decide(claimAt(90_000, markAt(1)), unreadable)).toMatchObject({
        kind: "released",
        delayMs: 30_000,
      });
    },
  );

  it.each([
    ["has been attempted since", claimAt(700, markAt(100, 0), 2)],
    ["names a time before the message was there", claimAt(700, markAt(-1))],
    ["names a time that is not yet", claimAt(700, markAt(701))],
    ["names no time", claimAt(700, { tasker_given_back: { first_at: "then", attempts: 0 } })],
    ["is of another shape", claimAt(700, { tasker_given_back: "since ever" })],
  ])("is counted anew where its mark %s", (_what, claim) => {
    expect(createTestPolicy().policy.decide(claim, missing)).toMatchObject({
      kind: "released",
      firstRelease: { first_at: "2025-01-01T00:11:40.000Z", attempts: claim.readCount - 1 },
    });
  });

  it("keeps neither secrets nor what a database refuses in its reason", () => {
    const { policy } = createTestPolicy({ limitSeconds: 0 });
    const error = new StepNotRunnableError(
      "template_not_found",
      "postgres://u:hunter22@h/d \0 \ud800.",
    );
    const text = JSON.stringify(policy.decide(claimAt(0), error));
    expect(text).not.toContain("hunter22");
    expect(text).not.toMatch(/\\u0000|\\ud800/);
  });
});

it("the log names each cause once a minute, and how often it was silent of it", async () => {
  const { clock, lines, policy } = createTestPolicy();
  const decide = (code: ReleaseReason): unknown =>
    policy.decide(claimAt(0), new StepNotRunnableError(code, code));
  for (let step = 0; step < 5; step += 1) decide("template_not_found");
  decide("handler_not_registered");
  await clock.advance(60_000);
  decide("template_not_found");
  expect(lines).toMatchObject([
    { level: "warn", reason: "template_not_found", message_id: "7", not_logged_since_last_line: 0 },
    { reason: "handler_not_registered" },
    { reason: "template_not_found", not_logged_since_last_line: 4 },
  ]);
});
