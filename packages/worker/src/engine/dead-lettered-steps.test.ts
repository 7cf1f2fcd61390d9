import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { fail, recordRuns } from "../testing/record-runs.js";
import { eventually, messageOf, stepNamed } from "../testing/worker-harness.js";
import { PermanentStepError, type StepHandlerContext } from "../running/step-handler.js";
import { emptyQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(emptyQueues);

const isEmpty = async (): Promise<boolean> => (await harness.count("q_payments_queue")) === 0;

describe("a worker on a real queue, whose steps cannot succeed,", () => {
  it("puts a step that has used its attempts to the dead letters with the reason, and archives it in the same transaction", async () => {
    const { handlers, attempts } = recordRuns(() =>
      fail(
        Object.assign(new Error("No funds at postgres://u:hunter22@db/x."), { code: "no_funds" }),
      ),
    );
    const { worker } = await harness.start({ handlers });
    await worker.enqueue(stepNamed("plain"));
    await eventually(
      "the dead letter",
      async () => (await harness.count("q_payments_dead_letter")) === 1,
    );
    expect(attempts()).toEqual([1, 2, 3]);
    const [deadLetter] = await harness.deadLetters();
    expect(deadLetter).toMatchObject({
      reason: { code: "no_funds" },
      queue_name: "payments_queue",
      attempts: 3,
      worker_id: worker.context.identity.workerId,
      message: { step_name: "plain" },
    });
    expect(JSON.stringify(deadLetter)).not.toContain("hunter22");
    const [transactions] = await harness.query(
      "select a.xmin::text = d.xmin::text as same, a.msg_id::text = d.message->>'msg_id' as matching from pgmq.a_payments_queue a, pgmq.q_payments_dead_letter d",
    );
    expect(transactions).toEqual({ same: true, matching: true });
  });

  it.each([
    [
      "a permanent error",
      "plain",
      () => fail(new PermanentStepError("The order is cancelled.")),
      "step_failed",
    ],
    ["max_attempts 1", "once", () => fail(), "step_failed"],
    ["max_attempts 0", "never", () => fail(), "step_failed"],
    [
      "its time-out",
      "hurried",
      ({ signal }: StepHandlerContext) => sleep(60_000, undefined, { signal }),
      "step_timeout",
    ],
  ])("gives a step up after one attempt for %s", async (_what, stepName, act, code) => {
    const { handlers, attempts } = recordRuns(act);
    const { worker } = await harness.start({ handlers });
    await worker.enqueue(stepNamed(stepName));
    await eventually(
      "the dead letter",
      async () => (await harness.count("q_payments_dead_letter")) === 1,
    );
    expect(attempts()).toEqual([1]);
    expect(await harness.deadLetters()).toMatchObject([{ reason: { code }, attempts: 1 }]);
  });

  it.each([
    ["that cannot be read", "null", "unreadable_message"],
    [
      "of another shape, its numbers to the last digit",
      '{"order": 12345678901234567890.1234567890}',
      "unreadable_message",
    ],
    [
      "for a template that is not there",
      JSON.stringify({
        ...messageOf("plain"),
        template: { namespace: "payments", name: "unknown", version: "1.0.0" },
      }),
      "template_not_found",
    ],
    [
      "for a step that its template does not have",
      JSON.stringify(messageOf("unknown")),
      "step_not_in_template",
    ],
    ["for a handler that nobody has", JSON.stringify(messageOf("lost")), "handler_not_registered"],
  ])("keeps a message %s in the dead letters as it was", async (_what, message, code) => {
    const { handlers, runs } = recordRuns();
    await harness.start({ handlers, worker: { unknown_step_give_back_seconds: 0 } });
    await harness.query("select pgmq.send('payments_queue', $1::jsonb)", [message]);
    await eventually(
      "the dead letter",
      async () => (await harness.count("q_payments_dead_letter")) === 1,
    );
    expect(runs).toEqual([]);
    expect(await harness.deadLetters()).toMatchObject([{ reason: { code } }]);
    const [kept] = await harness.query(
      "select message->'message' = $1::jsonb as same from pgmq.q_payments_dead_letter",
      [message],
    );
    expect(kept).toEqual({ same: true });
  });

  it("never runs a step over which as many workers died as it has attempts", async () => {
    const { handlers, runs } = recordRuns();
    const { worker } = await harness.start({ handlers });
    worker.pause();
    await worker.enqueue(stepNamed("plain"), stepNamed("once"));
    await harness.query(
      "update pgmq.q_payments_queue set read_ct = case message->>'step_name' when 'plain' then 2 else 1 end",
    );
    worker.resume();
    await eventually("an empty queue", isEmpty);
    expect(runs).toMatchObject([{ step_name: "plain", attempt: 3 }]);
    expect(await harness.deadLetters()).toMatchObject([
      { reason: { code: "attempts_exhausted" }, attempts: 2, message: { step_name: "once" } },
    ]);
  });
});
