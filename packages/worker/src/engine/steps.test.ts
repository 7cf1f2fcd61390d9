import { setTimeout as sleep } from "node:timers/promises";
import { inProcess, invoke } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { fail, recordRuns } from "../testing/record-runs.js";
import { eventually, loggedBeside, stepNamed } from "../testing/worker-harness.js";
import { PermanentStepError } from "../running/step-handler.js";
import { emptyQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(emptyQueues);

const isEmpty = async (): Promise<boolean> => (await harness.count("q_payments_queue")) === 0;

describe("a worker on a real queue", () => {
  it("archives the message of a step that succeeds", async () => {
    const { handlers, runs } = recordRuns();
    const { worker } = await harness.start({ handlers });
    await worker.enqueue({ ...stepNamed("plain", { amount: 7 }), stepId: "step-7" });
    await eventually(
      "the step's archive",
      async () => (await harness.count("a_payments_queue")) === 1,
    );
    expect(runs).toMatchObject([
      { step_id: "step-7", step_name: "plain", attempt: 1, max_attempts: 3 },
    ]);
    expect([
      await harness.count("q_payments_queue"),
      await harness.count("q_payments_dead_letter"),
    ]).toEqual([0, 0]);
  });

  it("tries a failing step again by its backoff, with PGMQ's read count for the attempt, and archives it in the end", async () => {
    const { handlers, attempts, atMs } = recordRuns(({ step }) =>
      step.attempt < 3 ? fail() : undefined,
    );
    const { worker } = await harness.start({ handlers });
    await worker.enqueue(stepNamed("patient"));
    await eventually(
      "the step's archive",
      async () => (await harness.count("a_payments_queue")) === 1,
    );
    expect(attempts()).toEqual([1, 2, 3]);
    const [first, second] = [atMs[1]! - atMs[0]!, atMs[2]! - atMs[1]!];
    expect(first).toBeGreaterThanOrEqual(200);
    expect(second).toBeGreaterThanOrEqual(400);
    expect(await harness.query("select read_ct from pgmq.a_payments_queue")).toEqual([
      { read_ct: 3 },
    ]);
  });

  it("measures how long a step has waited at its first attempt only, since the queue does not know it for a retry", async () => {
    const { handlers, attempts } = recordRuns(({ step }) =>
      step.attempt < 3 ? fail() : undefined,
    );
    const { worker } = await harness.start({ handlers });
    await worker.enqueue(stepNamed("plain"));
    await eventually("the step's archive", isEmpty);
    expect(attempts()).toEqual([1, 2, 3]);
    const text = await invoke(worker.operations.metrics_prometheus!, {}, inProcess);
    expect(text).toContain('tasker_worker_step_wait_seconds_count{namespace="payments"} 1\n');
    expect(text).toContain(
      'tasker_worker_steps_total{namespace="payments",template="refund",step="plain",outcome="retried"} 2\n',
    );
  });

  it("finds a retry when it falls due, however rarely it polls", async () => {
    const { handlers, attempts } = recordRuns(({ step }) =>
      step.attempt < 3 ? fail() : undefined,
    );
    const { worker } = await harness.start({
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
    const { worker } = await harness.start({ handlers, worker: hurried });
    await harness.start({ handlers, worker: hurried });
    await worker.enqueue(stepNamed("plain"));
    await eventually("an empty queue", isEmpty);
    expect(runs).toHaveLength(1);
  });

  it("aborts a handler whose message is gone, and does not write its outcome", async () => {
    const aborted: unknown[] = [];
    const { handlers, runs } = recordRuns(
      ({ signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () =>
            reject(new Error("aborted", { cause: aborted.push(signal.reason) })),
          ),
        ),
    );
    const { worker } = await harness.start({
      handlers,
      worker: { event_systems: { worker: { timing: { visibility_timeout_seconds: 1 } } } },
    });
    await worker.enqueue(stepNamed("plain"));
    await eventually("the run", () => runs.length === 1);
    await harness.query("delete from pgmq.q_payments_queue");
    await eventually("the abort", () => aborted.length === 1);
    expect(aborted).toMatchObject([{ code: "claim_lost" }]);
    expect([
      await harness.count("a_payments_queue"),
      await harness.count("q_payments_dead_letter"),
    ]).toEqual([0, 0]);
  });

  it("loses and repeats no step of many that succeed, fail and outlast each other", async () => {
    const { handlers, runs } = recordRuns(({ step }, input) => {
      if (Number(input) % 10 === 0) fail(new PermanentStepError("every tenth"));
      if (Number(input) % 10 === 1 && step.attempt === 1) fail();
    });
    const { worker } = await harness.start({ handlers });
    const steps = Array.from({ length: 1_000 }, (_, index) => stepNamed("plain", index));
    await worker.enqueue(steps[0]!, ...steps.slice(1));
    await eventually("an empty queue", isEmpty);
    expect(runs).toHaveLength(1_100);
    expect([
      await harness.count("a_payments_queue"),
      await harness.count("q_payments_dead_letter"),
    ]).toEqual([1_000, 100]);
  });

  it("logs only what went wrong with steps", async () => {
    const { handlers } = recordRuns();
    const { worker, log } = await harness.start({ handlers });
    await worker.enqueue(stepNamed("plain"), stepNamed("once"));
    await eventually("an empty queue", isEmpty);
    await worker.stop();
    expect(loggedBeside(log)).toEqual([]);
  });
});
