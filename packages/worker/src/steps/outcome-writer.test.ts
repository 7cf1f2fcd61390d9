import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { notesOf } from "./dead-letter.js";
import { createHeldSteps } from "./held-steps.js";
import { createOutcomeWriter, type Outcome } from "./outcome-writer.js";
import type { ClaimedMessage } from "./step-message.js";

const claimOf = (messageId: string): ClaimedMessage => ({
  queueName: "payments_queue",
  messageId,
  enqueuedUs: "0",
  readCount: 2,
  ageMs: 0,
  body: {},
});

function createTestWriter(fail: (call: string) => boolean = () => false) {
  const clock = createFakeClock();
  const held = createHeldSteps();
  const calls: string[] = [];
  const retries: [string, number][] = [];
  let batches = 0;
  const record = async (call: string): Promise<void> => {
    calls.push(call);
    if (fail(call)) throw new Error("away");
  };
  const idsOf = (items: readonly { readonly claim: ClaimedMessage }[]): string =>
    items.map(({ claim }) => claim.messageId).join();
  const writer = createOutcomeWriter({
    held,
    clock,
    logger: () => undefined,
    onWritten: () => (batches += 1),
    onRetry: (queueName, delayMs) => retries.push([queueName, delayMs]),
    queues: {
      archive: (queue, claims) =>
        record(`archive ${queue} ${claims.map((claim) => claim.messageId).join()}`),
      retry: (queue, items) =>
        record(
          `retry ${queue} ${items.map(({ fence }) => fence.messageId).join()} ${items.map(({ fence, delayMs, givenBack }) => `${fence.readCount}/${delayMs}/${givenBack}`).join()}`,
        ),
      deadLetter: (queue, letters, items) =>
        record(`deadLetter ${queue} ${letters} ${idsOf(items)}`),
    },
  });
  const write = (messageId: string, outcome: Outcome, namespace = "payments"): void =>
    writer.write(namespace, held.hold(claimOf(messageId)), outcome);
  return { clock, held, writer, write, calls, retries, batches: () => batches };
}

const archive: Outcome = { kind: "archive" };
const deadLetter: Outcome = {
  kind: "dead_letter",
  notes: notesOf(claimOf("1"), { code: "c", message: "m" }, { workerId: "w", at: "now" }),
};

describe("the outcome writer", () => {
  it("makes one statement of each kind of outcome and namespace", async () => {
    const { clock, write, calls, held } = createTestWriter();
    write("1", archive);
    write("2", { kind: "retry", delayMs: 500, hasRun: true });
    write("3", archive);
    write("4", deadLetter);
    write("5", { kind: "retry", delayMs: 0, hasRun: false });
    write("6", archive, "orders");
    await clock.advance(0);
    expect(calls).toEqual([
      "archive payments_queue 1,3",
      "retry payments_queue 2,5 2/500/0,2/0/1",
      "deadLetter payments_queue payments_dead_letter 4",
      "archive orders_queue 6",
    ]);
    expect(held.size).toBe(0);
  });

  it("holds a step, its outcome decided, until that is written", async () => {
    const { clock, held, writer } = createTestWriter((call) => call.startsWith("archive"));
    const step = held.hold(claimOf("1"));
    writer.write("payments", step, archive);
    await clock.advance(1_000);
    expect([held.size, held.isOpen(step)]).toEqual([1, false]);
  });

  it("writes a retry by the newest claim of its message, and gives back the claims that were no attempts", async () => {
    const { clock, held, writer, calls } = createTestWriter();
    for (const [messageId, hasRun] of [
      ["1", true],
      ["2", false],
    ] as const) {
      const step = held.hold(claimOf(messageId));
      held.retake({ ...claimOf(messageId), readCount: 3 });
      writer.write("payments", step, { kind: "retry", delayMs: 0, hasRun });
      held.retake({ ...claimOf(messageId), readCount: 4 });
    }
    await clock.advance(0);
    expect(calls).toEqual(["retry payments_queue 1,2 4/0/2,4/0/3"]);
  });

  it("writes nothing for a step that is somebody else's now", async () => {
    const { clock, write, calls, held } = createTestWriter();
    write("1", { kind: "none" });
    await clock.advance(0);
    expect([calls, held.size]).toEqual([[], 0]);
  });

  it("lets one kind that cannot be written hold up neither the others nor other namespaces", async () => {
    const { clock, write, calls, batches } = createTestWriter((call) =>
      call.startsWith("deadLetter payments"),
    );
    write("1", deadLetter);
    await clock.advance(10_000);
    calls.length = 0;
    write("2", archive);
    write("3", deadLetter, "orders");
    await clock.advance(0);
    expect(calls).toEqual([
      "archive payments_queue 2",
      "deadLetter orders_queue orders_dead_letter 3",
    ]);
    expect(batches()).toBe(2);
  });

  it("tells when retries become visible, once they are written and not before", async () => {
    let isAway = true;
    const { clock, write, retries } = createTestWriter(() => isAway);
    write("1", { kind: "retry", delayMs: 700, hasRun: true });
    await clock.advance(50);
    expect(retries).toEqual([]);
    isAway = false;
    await clock.advance(1_000);
    expect(retries).toEqual([["payments_queue", 700]]);
  });

  it("writes a step that goes back like a retry that has not run, and does not tell when it is visible: others come first", async () => {
    const { clock, write, calls, retries } = createTestWriter();
    write("1", { kind: "give_back", delayMs: 700, mark: null });
    await clock.advance(1_000);
    expect(calls).toEqual(["retry payments_queue 1 2/700/1"]);
    expect(retries).toEqual([]);
  });

  it("tries nothing more once it is closed", async () => {
    const { clock, writer, write, calls } = createTestWriter(() => true);
    write("1", archive);
    write("2", deadLetter, "orders");
    await clock.advance(0);
    writer.close();
    await clock.advance(60_000);
    expect(calls).toHaveLength(2);
  });
});
