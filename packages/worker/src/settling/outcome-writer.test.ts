import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { toDeadLetterMetadata } from "./dead-letter.js";
import { createInFlightSteps } from "../claiming/in-flight-steps.js";
import type { Outcome } from "./outcome.js";
import type { OutcomeRow, OutcomeTarget } from "./outcome-store.js";
import { createOutcomeWriter } from "./outcome-writer.js";
import { type ClaimedMessage, formatMessageKey } from "../queues/step-message.js";
import { claimedMessage } from "../testing/claimed-message.js";

const claimOf = (messageId: string): ClaimedMessage => claimedMessage({ messageId, readCount: 2 });

/** `fail` is asked of each call, `completed payments_queue 1,3`, what the database throws. */
function createTestWriter(fail: (call: string) => Error | boolean = () => false) {
  const clock = createFakeClock();
  const inFlight = createInFlightSteps({ clock });
  const calls: string[] = [];
  const retries: [string, number][] = [];
  const notified: (string | undefined)[] = [];
  const lines: string[] = [];
  const write = async (
    { kind, queues }: OutcomeTarget,
    rows: readonly OutcomeRow[],
  ): Promise<void> => {
    const ids = rows.map(({ fence }) => fence.messageId).join();
    const counts =
      kind === "retried"
        ? ` ${rows.map(({ fence, delay_ms, uncounted_claims }) => `${fence.readCount}/${delay_ms}/${uncounted_claims}`).join()}`
        : "";
    const call = `${kind} ${queues.stepQueue} ${ids}${counts}`;
    calls.push(call);
    const failure = fail(call);
    if (failure !== false) throw failure === true ? new Error("away") : failure;
  };
  const writer = createOutcomeWriter({
    inFlight,
    clock,
    logger: (level, message) => lines.push(`${level} ${message}`),
    renewer: { retryFailedRenewals: () => Promise.resolve() },
    wakeup: { notify: (queueName) => notified.push(queueName) },
    visibilityTimer: { schedule: (queueName, delayMs) => retries.push([queueName, delayMs]) },
    outcomeStore: {
      async write(target, rows) {
        await write(target, rows);
        return new Set(rows.map(({ fence }) => formatMessageKey(fence)));
      },
      async writeOne(target, candidates) {
        await write(target, candidates.slice(0, 1));
        return { isWritten: true, rejectedEvents: new Map() };
      },
      findWritten: async () => new Set(),
    },
  });
  const add = (messageId: string, outcome: Outcome, namespace = "payments"): void =>
    writer.write(
      inFlight.add(namespace, { ...claimOf(messageId), queueName: `${namespace}_queue` }),
      outcome,
    );
  return { clock, inFlight, writer, write: add, calls, retries, lines, notified };
}

const completed: Outcome = { kind: "completed" };
const deadLetter: Outcome = {
  kind: "dead_lettered",
  metadata: toDeadLetterMetadata(
    claimOf("1"),
    { code: "c", message: "m" },
    { workerId: "w", at: "now" },
  ),
};

describe("the outcome writer", () => {
  it("makes one statement of each kind of outcome and namespace", async () => {
    const { clock, write, calls, inFlight } = createTestWriter();
    write("1", completed);
    write("2", { kind: "retried", delayMs: 500, hasRun: true });
    write("3", completed);
    write("4", deadLetter);
    write("5", { kind: "retried", delayMs: 0, hasRun: false });
    write("6", completed, "orders");
    await clock.advance(0);
    expect(calls).toEqual([
      "completed payments_queue 1,3",
      "retried payments_queue 2,5 2/500/0,2/0/1",
      "dead_lettered payments_queue 4",
      "completed orders_queue 6",
    ]);
    expect(inFlight.size).toBe(0);
  });

  it("keeps a step in flight until its outcome is written", async () => {
    const { clock, inFlight, writer } = createTestWriter((call) => call.startsWith("completed"));
    const step = inFlight.add("payments", claimOf("1"));
    writer.write(step, completed);
    await clock.advance(1_000);
    expect([inFlight.size, step.isDecided]).toEqual([1, true]);
  });

  it("writes a retry by the newest claim of its message, and does not count the claims that were no attempts", async () => {
    const { clock, inFlight, writer, calls } = createTestWriter();
    for (const [messageId, hasRun] of [
      ["1", true],
      ["2", false],
    ] as const) {
      const step = inFlight.add("payments", claimOf(messageId));
      inFlight.reclaim({ ...claimOf(messageId), readCount: 3 });
      writer.write(step, { kind: "retried", delayMs: 0, hasRun });
      inFlight.reclaim({ ...claimOf(messageId), readCount: 4 });
    }
    await clock.advance(0);
    expect(calls).toEqual(["retried payments_queue 1,2 4/0/2,4/0/3"]);
  });

  it("writes nothing for a step that another worker has claimed", async () => {
    const { clock, write, calls, inFlight } = createTestWriter();
    write("1", { kind: "claim_lost" });
    await clock.advance(0);
    expect([calls, inFlight.size]).toEqual([[], 0]);
  });

  it("writes other kinds and other namespaces when one kind cannot be written", async () => {
    const { clock, write, calls, notified } = createTestWriter((call) =>
      call.startsWith("dead_lettered payments"),
    );
    write("1", deadLetter);
    await clock.advance(10_000);
    calls.length = 0;
    write("2", completed);
    write("3", deadLetter, "orders");
    await clock.advance(0);
    expect(calls).toEqual(["completed payments_queue 2", "dead_lettered orders_queue 3"]);
    expect(notified).toHaveLength(2);
  });

  it("schedules retries once they are written, not before", async () => {
    let isAway = true;
    const { clock, write, retries } = createTestWriter(() => isAway);
    write("1", { kind: "retried", delayMs: 700, hasRun: true });
    await clock.advance(50);
    expect(retries).toEqual([]);
    isAway = false;
    await clock.advance(1_000);
    expect(retries).toEqual([["payments_queue", 700]]);
  });

  it("writes a step that goes back like a retry that has not run, and does not schedule it, so that other workers come first", async () => {
    const { clock, write, calls, retries } = createTestWriter();
    write("1", { kind: "released", delayMs: 700, firstRelease: null });
    await clock.advance(1_000);
    expect(calls).toEqual(["retried payments_queue 1 2/700/1"]);
    expect(retries).toEqual([]);
  });

  it("tries nothing more once it is closed", async () => {
    const { clock, writer, write, calls } = createTestWriter(() => true);
    write("1", completed);
    write("2", deadLetter, "orders");
    await clock.advance(0);
    writer.close();
    await clock.advance(60_000);
    expect(calls).toHaveLength(2);
  });

  describe("reports refused outcomes", () => {
    const missing = Object.assign(new Error("relation does not exist"), { code: "42P01" });

    it("by queue and kind, how many wait, and not of those that are written", async () => {
      const { clock, write, writer } = createTestWriter(
        (call) => call.startsWith("dead_lettered payments") && missing,
      );
      write("1", deadLetter);
      write("2", deadLetter);
      write("3", completed);
      write("4", deadLetter, "orders");
      await clock.advance(50);
      expect(writer.refusals()).toEqual({
        refused: [
          { outcome: "dead letters", queue_name: "payments_queue", waiting: 2, error: missing },
        ],
        without_success_ms: 50,
      });
      expect([
        writer.refusedSteps(),
        writer.refusedSteps("payments_queue"),
        writer.refusedSteps("orders_queue"),
      ]).toEqual([2, 2, 0]);
    });

    it("and for how long nothing has been written of their kind, or to a queue without refusals", async () => {
      let isRefused = true;
      const { clock, write, writer, notified } = createTestWriter(
        (call) => call.startsWith("completed payments") && isRefused && missing,
      );
      write("1", completed);
      await clock.advance(30_000);
      write("2", deadLetter);
      await clock.advance(0);
      expect(writer.refusals()?.without_success_ms).toBe(30_000);
      write("3", completed, "orders");
      await clock.advance(1_000);
      expect(writer.refusals()?.without_success_ms).toBe(1_000);
      isRefused = false;
      notified.length = 0;
      await clock.advance(5_000);
      expect([writer.refusals(), writer.refusedSteps()]).toEqual([null, 0]);
      expect(notified).toContain("payments_queue");
    });
  });
});
