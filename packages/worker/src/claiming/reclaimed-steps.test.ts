import { describe, expect, it } from "vitest";
import { eventually, loggedBeside, stepNamed, type TestWorker } from "../testing/worker-harness.js";
import type { StepHandlerContext } from "../running/step-handler.js";
import { dropQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(dropQueues);

const isEmpty = async (): Promise<boolean> => (await harness.count("q_payments_queue")) === 0;

/** A worker whose handler runs until `end` is called. */
async function startWorker({ visibilityTimeoutSeconds = 30, drainTimeoutMs = 5_000 } = {}) {
  const runs: StepHandlerContext[] = [];
  const ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  const Test = (_input: unknown, context: StepHandlerContext): Promise<void> => {
    runs.push(context);
    return new Promise((resolve, reject) => ends.push({ resolve, reject }));
  };
  const timing = { visibility_timeout_seconds: visibilityTimeoutSeconds };
  const worker = {
    event_systems: {
      worker: { timing, metadata: { fallback_poller: { polling_interval_ms: 20 } } },
    },
    shutdown: { drain_timeout_ms: drainTimeoutMs },
  };
  const test: TestWorker = await harness.start({ handlers: { Test }, worker });
  const run = (number: number): Promise<true> =>
    eventually(`run ${number}`, () => ends.length === number);
  return { ...test, runs, ends, run, attempts: () => runs.map(({ step }) => step.attempt) };
}

/** Makes the worker claim a step that it has in flight: as after an outage that outlasted the visibility time-out. */
async function becomeVisible(): Promise<void> {
  const [before] = await harness.query<{ read_ct: number }>(
    "select read_ct from pgmq.q_payments_queue",
  );
  await eventually("another claim", async () => {
    const rows = await harness.query<{ read_ct: number }>(
      "update pgmq.q_payments_queue set vt = now() where read_ct = $1 returning read_ct",
      [before?.read_ct],
    );
    return rows.length === 0;
  });
}

describe("a step that becomes visible while it is in flight", () => {
  it("runs once and succeeds, while its handler runs", async () => {
    const { worker, runs, ends, run, log } = await startWorker();
    await worker.enqueue(stepNamed("once"));
    await run(1);
    await becomeVisible();
    await becomeVisible();
    ends[0]!.resolve();
    await eventually("an empty queue", isEmpty);
    expect([
      runs.length,
      await harness.count("a_payments_queue"),
      await harness.count("q_payments_dead_letter"),
    ]).toEqual([1, 1, 0]);
    expect(loggedBeside(log)).toEqual([]);
  });

  it("runs once and succeeds, while its outcome cannot be written", async () => {
    const { worker, runs, ends, run, log } = await startWorker();
    await worker.enqueue(stepNamed("once"));
    await run(1);
    await harness.query("alter table pgmq.a_payments_queue rename to away");
    ends[0]!.resolve();
    await eventually("a failure to write", () =>
      log.some(({ message }) => message === "completions could not be written yet"),
    );
    await becomeVisible();
    await harness.query("alter table pgmq.away rename to a_payments_queue");
    await eventually("an empty queue", isEmpty);
    expect([
      runs.length,
      await harness.count("a_payments_queue"),
      await harness.count("q_payments_dead_letter"),
    ]).toEqual([1, 1, 0]);
  });

  it("keeps its attempts when it fails", async () => {
    const { worker, ends, run, attempts } = await startWorker();
    await worker.enqueue(stepNamed("plain"));
    for (const attempt of [1, 2, 3]) {
      await run(attempt);
      await becomeVisible();
      await becomeVisible();
      ends.at(-1)!.reject(new Error("no"));
    }
    await eventually("an empty queue", isEmpty);
    expect(attempts()).toEqual([1, 2, 3]);
    expect(await harness.deadLetters()).toMatchObject([
      { reason: { code: "step_failed" }, attempts: 3 },
    ]);
  });

  it("stays hidden from then on, and is not taken for lost", async () => {
    const { worker, runs, ends, run } = await startWorker({ visibilityTimeoutSeconds: 1 });
    await worker.enqueue(stepNamed("once"));
    await run(1);
    await becomeVisible();
    const hiddenUntil = async (): Promise<unknown> =>
      (await harness.query<{ vt: string }>("select vt::text from pgmq.q_payments_queue"))[0]?.vt;
    for (let renewal = 1; renewal <= 3; renewal += 1) {
      const before = await hiddenUntil();
      await eventually("a renewal", async () => (await hiddenUntil()) !== before);
    }
    expect(runs[0]!.signal.aborted).toBe(false);
    ends[0]!.resolve();
    await eventually("an empty queue", isEmpty);
    expect([runs.length, await harness.count("a_payments_queue")]).toEqual([1, 1]);
  });

  it("is left to other workers when the worker stops, without using up an attempt", async () => {
    const { worker, run } = await startWorker({ drainTimeoutMs: 100 });
    await worker.enqueue(stepNamed("plain"));
    await run(1);
    await becomeVisible();
    await worker.stop();
    expect(
      await harness.query(
        "select read_ct, vt <= clock_timestamp() as visible from pgmq.q_payments_queue",
      ),
    ).toEqual([{ read_ct: 1, visible: true }]);
  });
});

describe("a step whose queue is dropped and made anew while its handler runs", () => {
  it.each(["succeeds", "fails"])(
    "leaves the step alone that has its number now, when it %s",
    async (how) => {
      const { worker, ends, run, inFlight } = await startWorker();
      await worker.enqueue(stepNamed("once"));
      await run(1);
      await harness.query(
        "select pgmq.drop_queue('payments_queue'), pgmq.create('payments_queue')",
      );
      await worker.enqueue(stepNamed("once"));
      await run(2);
      if (how === "succeeds") ends[0]!.resolve();
      else ends[0]!.reject(new Error("no"));
      await eventually("its end", () => inFlight() === 1);
      const counts = (): Promise<unknown[]> =>
        Promise.all(
          ["q_payments_queue", "a_payments_queue", "q_payments_dead_letter"].map(harness.count),
        );
      expect(await counts()).toEqual([1, 0, 0]);
      ends[1]!.resolve();
      await eventually("an empty queue", isEmpty);
      expect(await counts()).toEqual([0, 1, 0]);
    },
  );
});
