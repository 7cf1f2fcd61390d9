import { setTimeout as sleep } from "node:timers/promises";
import { inProcess, invoke } from "@tasker-observability/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createWorkerBench,
  eventually,
  loggedBeside,
  messageOf,
  stepNamed,
  type WorkerBench,
} from "../testing/test-worker.js";
import { PermanentStepError, type StepHandlerContext } from "../running/step-handler.js";

let bench: WorkerBench;
beforeAll(async () => (bench = await createWorkerBench()));
afterAll(() => bench.close());
beforeEach(async () => {
  const tables = await bench.query<{ table: string }>(
    "select format('pgmq.%I', table_name) as table from information_schema.tables where table_schema = 'pgmq' and table_name like '%payments%'",
  );
  if (tables.length > 0) await bench.query(`truncate ${tables.map(({ table }) => table).join()}`);
});

/** Keeps the runs of a handler, which then does what `act` says. */
function recordRuns(
  act: (context: StepHandlerContext, input: unknown) => unknown = () => undefined,
) {
  const runs: StepHandlerContext["step"][] = [];
  const atMs: number[] = [];
  const Test = async (input: unknown, context: StepHandlerContext): Promise<unknown> => {
    runs.push(context.step);
    atMs.push(performance.now());
    return act(context, input);
  };
  return { handlers: { Test }, runs, atMs, attempts: () => runs.map((run) => run.attempt) };
}

function fail(error: Error = new Error("no")): never {
  throw error;
}

const isEmpty = async (): Promise<boolean> => (await bench.count("q_payments_queue")) === 0;

describe("a worker on a real queue", () => {
  it("archives the message of a step that succeeds", async () => {
    const { handlers, runs } = recordRuns();
    const { worker } = await bench.start({ handlers });
    await worker.enqueue({ ...stepNamed("plain", { amount: 7 }), stepId: "step-7" });
    await eventually(
      "the step's archive",
      async () => (await bench.count("a_payments_queue")) === 1,
    );
    expect(runs).toMatchObject([
      { step_id: "step-7", step_name: "plain", attempt: 1, max_attempts: 3 },
    ]);
    expect([
      await bench.count("q_payments_queue"),
      await bench.count("q_payments_dead_letter"),
    ]).toEqual([0, 0]);
  });

  it("tries a failing step again by its backoff, with PGMQ's read count for the attempt, and archives it in the end", async () => {
    const { handlers, attempts, atMs } = recordRuns(({ step }) =>
      step.attempt < 3 ? fail() : undefined,
    );
    const { worker } = await bench.start({ handlers });
    await worker.enqueue(stepNamed("patient"));
    await eventually(
      "the step's archive",
      async () => (await bench.count("a_payments_queue")) === 1,
    );
    expect(attempts()).toEqual([1, 2, 3]);
    const [first, second] = [atMs[1]! - atMs[0]!, atMs[2]! - atMs[1]!];
    expect(first).toBeGreaterThanOrEqual(200);
    expect(second).toBeGreaterThanOrEqual(400);
    expect(await bench.query("select read_ct from pgmq.a_payments_queue")).toEqual([
      { read_ct: 3 },
    ]);
  });

  it("measures how long a step has waited at its first attempt only: of a retry the queue does not tell", async () => {
    const { handlers, attempts } = recordRuns(({ step }) =>
      step.attempt < 3 ? fail() : undefined,
    );
    const { worker } = await bench.start({ handlers });
    await worker.enqueue(stepNamed("plain"));
    await eventually("the step's archive", isEmpty);
    expect(attempts()).toEqual([1, 2, 3]);
    const text = await invoke(worker.operations.metrics_prometheus!, {}, inProcess);
    expect(text).toContain('tasker_worker_step_wait_seconds_count{namespace="payments"} 1\n');
    expect(text).toContain('tasker_worker_steps_total{namespace="payments",outcome="retried"} 2\n');
  });

  it("finds a retry when it falls due, however rarely it polls", async () => {
    const { handlers, attempts } = recordRuns(({ step }) =>
      step.attempt < 3 ? fail() : undefined,
    );
    const { worker } = await bench.start({
      handlers,
      worker: {
        event_systems: {
          worker: { metadata: { fallback_poller: { polling_interval_ms: 600_000 } } },
        },
      },
    });
    await worker.enqueue(stepNamed("patient"));
    await eventually("the step's archive", isEmpty);
    expect(attempts()).toEqual([1, 2, 3]);
  });

  it("puts a step that has used its attempts to the dead letters with the reason, and archives it in the same transaction", async () => {
    const { handlers, attempts } = recordRuns(() =>
      fail(
        Object.assign(new Error("No funds at postgres://u:hunter22@db/x."), { code: "no_funds" }),
      ),
    );
    const { worker } = await bench.start({ handlers });
    await worker.enqueue(stepNamed("plain"));
    await eventually(
      "the dead letter",
      async () => (await bench.count("q_payments_dead_letter")) === 1,
    );
    expect(attempts()).toEqual([1, 2, 3]);
    const [letter] = await bench.deadLetters();
    expect(letter).toMatchObject({
      reason: { code: "no_funds" },
      queue_name: "payments_queue",
      attempts: 3,
      worker_id: worker.context.identity.workerId,
      message: { step_name: "plain" },
    });
    expect(JSON.stringify(letter)).not.toContain("hunter22");
    const [transactions] = await bench.query(
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
    const { worker } = await bench.start({ handlers });
    await worker.enqueue(stepNamed(stepName));
    await eventually(
      "the dead letter",
      async () => (await bench.count("q_payments_dead_letter")) === 1,
    );
    expect(attempts()).toEqual([1]);
    expect(await bench.deadLetters()).toMatchObject([{ reason: { code }, attempts: 1 }]);
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
    await bench.start({ handlers, worker: { unknown_step_give_back_seconds: 0 } });
    await bench.query("select pgmq.send('payments_queue', $1::jsonb)", [message]);
    await eventually(
      "the dead letter",
      async () => (await bench.count("q_payments_dead_letter")) === 1,
    );
    expect(runs).toEqual([]);
    expect(await bench.deadLetters()).toMatchObject([{ reason: { code } }]);
    const [kept] = await bench.query(
      "select message->'message' = $1::jsonb as same from pgmq.q_payments_dead_letter",
      [message],
    );
    expect(kept).toEqual({ same: true });
  });

  it("never runs a step over which as many workers died as it has attempts", async () => {
    const { handlers, runs } = recordRuns();
    const { worker } = await bench.start({ handlers });
    worker.pause();
    await worker.enqueue(stepNamed("plain"), stepNamed("once"));
    await bench.query(
      "update pgmq.q_payments_queue set read_ct = case message->>'step_name' when 'plain' then 2 else 1 end",
    );
    worker.resume();
    await eventually("an empty queue", isEmpty);
    expect(runs).toMatchObject([{ step_name: "plain", attempt: 3 }]);
    expect(await bench.deadLetters()).toMatchObject([
      { reason: { code: "attempts_exhausted" }, attempts: 2, message: { step_name: "once" } },
    ]);
  });

  it("runs a step that outlasts the visibility time-out once, on one of two workers", async () => {
    const { handlers, runs } = recordRuns(() => sleep(2_500));
    const hurried = {
      event_systems: {
        worker: {
          timing: { visibility_timeout_seconds: 1 },
          metadata: { fallback_poller: { polling_interval_ms: 100 } },
        },
      },
    };
    const { worker } = await bench.start({ handlers, worker: hurried });
    await bench.start({ handlers, worker: hurried });
    await worker.enqueue(stepNamed("plain"));
    await eventually("an empty queue", isEmpty);
    expect(runs).toHaveLength(1);
  });

  it("aborts a handler whose message is gone, and writes nothing of it", async () => {
    const aborted: unknown[] = [];
    const { handlers, runs } = recordRuns(
      ({ signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () =>
            reject(new Error("aborted", { cause: aborted.push(signal.reason) })),
          ),
        ),
    );
    const { worker } = await bench.start({
      handlers,
      worker: { event_systems: { worker: { timing: { visibility_timeout_seconds: 1 } } } },
    });
    await worker.enqueue(stepNamed("plain"));
    await eventually("the run", () => runs.length === 1);
    await bench.query("delete from pgmq.q_payments_queue");
    await eventually("the abort", () => aborted.length === 1);
    expect(aborted).toMatchObject([{ code: "claim_lost" }]);
    expect([
      await bench.count("a_payments_queue"),
      await bench.count("q_payments_dead_letter"),
    ]).toEqual([0, 0]);
  });

  it("loses and repeats no step of many that succeed, fail and outlast each other", async () => {
    const { handlers, runs } = recordRuns(({ step }, input) => {
      if (Number(input) % 10 === 0) fail(new PermanentStepError("every tenth"));
      if (Number(input) % 10 === 1 && step.attempt === 1) fail();
    });
    const { worker } = await bench.start({ handlers });
    const steps = Array.from({ length: 1_000 }, (_, index) => stepNamed("plain", index));
    await worker.enqueue(steps[0]!, ...steps.slice(1));
    await eventually("an empty queue", isEmpty);
    expect(runs).toHaveLength(1_100);
    expect([
      await bench.count("a_payments_queue"),
      await bench.count("q_payments_dead_letter"),
    ]).toEqual([1_000, 100]);
  });

  it("logs nothing but what went wrong with steps", async () => {
    const { handlers } = recordRuns();
    const { worker, log } = await bench.start({ handlers });
    await worker.enqueue(stepNamed("plain"), stepNamed("once"));
    await eventually("an empty queue", isEmpty);
    await worker.stop();
    expect(loggedBeside(log)).toEqual([]);
  });
});
