import { describe, expect, it } from "vitest";
import { eventually, stepNamed } from "../testing/worker-harness.js";
import { emptyQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(emptyQueues);
const stepCount = 200;

/** A worker of one slot whose handlers end at once, until one of them waits for `resume`: more steps are claimed by then. */
async function startWithPrefetched() {
  let resume: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (resume = resolve));
  let ran = 0;
  const { worker } = await harness.start({
    handlers: {
      Test: async () => {
        ran += 1;
        if (ran > stepCount / 2) await gate;
      },
    },
    worker: { mpsc_channels: { handler_dispatch: { max_concurrent_handlers: 1 } } },
  });
  const steps = Array.from({ length: stepCount }, () => stepNamed("plain"));
  await worker.enqueue(...(steps as [ReturnType<typeof stepNamed>]));
  await eventually("the slow step", () => ran > stepCount / 2);
  expect(await claimed()).toBeGreaterThan(1);
  return { worker, resume, ran: () => ran };
}

async function claimed(): Promise<number> {
  const [row] = await harness.query(
    "select count(*)::int as n from pgmq.q_payments_queue where vt > clock_timestamp()",
  );
  return Number(row?.n);
}

const untouched = () =>
  harness.query(
    "select count(*)::int as n from pgmq.q_payments_queue where read_ct = 0 and vt <= clock_timestamp()",
  );

describe("steps that are claimed ahead", () => {
  it("go back to their queue when the worker stops, and no attempt of theirs is used", async () => {
    const { worker, resume, ran } = await startWithPrefetched();
    const stopping = worker.stop();
    resume();
    await stopping;
    expect(ran()).toBeLessThan(stepCount);
    expect(await untouched()).toEqual([{ n: stepCount - ran() }]);
    expect(await harness.count("a_payments_queue")).toBe(ran());
  });

  it("go back when the worker is paused, and run once it is resumed", async () => {
    const { worker, resume, ran } = await startWithPrefetched();
    const begun = ran();
    worker.pause();
    await eventually("their return", async () => (await claimed()) === 1);
    expect(await untouched()).toEqual([{ n: stepCount - begun }]);
    worker.resume();
    resume();
    await eventually(
      "the end of the backlog",
      async () => (await harness.count("a_payments_queue")) === stepCount,
    );
    expect(ran()).toBe(stepCount);
  });

  it("go back when handlers have become slow, and leave the others to other workers", async () => {
    const { resume } = await startWithPrefetched();
    const other = await harness.start({ handlers: { Test: async () => undefined } });
    await eventually(
      "the work of the other worker",
      async () => (await harness.count("a_payments_queue")) === stepCount - 1,
    );
    await other.worker.stop();
    resume();
  });
});
