import { describe, expect, it } from "vitest";
import { eventually, stepNamed } from "../testing/worker-harness.js";
import { emptyQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(emptyQueues);
/** A worker of one slot whose handlers end at once, until one of them has seen steps claimed ahead, and waits for `resume`. */
async function startWithPrefetched() {
  let resume: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (resume = resolve));
  let ran = 0;
  let isSlow = false;
  const { worker } = await harness.start({
    handlers: {
      Test: async () => {
        ran += 1;
        if (isSlow || ran % 50 !== 0) return;
        isSlow = (await claimed()) > 1;
        if (isSlow) await gate;
      },
    },
    worker: { mpsc_channels: { handler_dispatch: { max_concurrent_handlers: 1 } } },
  });
  let sent = 0;
  const enqueue = async (): Promise<boolean> => {
    const steps = Array.from({ length: 200 }, () => stepNamed("plain"));
    await worker.enqueue(...(steps as [ReturnType<typeof stepNamed>]));
    sent += steps.length;
    await eventually("the slow step", () => isSlow || ran === sent);
    return isSlow;
  };
  while (!(await enqueue()));
  return { worker, resume, ran: () => ran, sent };
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
  it("go back to their queue when the worker stops, without using up an attempt", async () => {
    const { worker, resume, ran, sent } = await startWithPrefetched();
    const stopping = worker.stop();
    resume();
    await stopping;
    expect(ran()).toBeLessThan(sent);
    expect(await untouched()).toEqual([{ n: sent - ran() }]);
    expect(await harness.count("a_payments_queue")).toBe(ran());
  });

  it("go back when the worker is paused, and run once it is resumed", async () => {
    const { worker, resume, ran, sent } = await startWithPrefetched();
    const begun = ran();
    worker.pause();
    await eventually("their return", async () => (await claimed()) === 1);
    expect(await untouched()).toEqual([{ n: sent - begun }]);
    worker.resume();
    resume();
    await eventually(
      "the end of the backlog",
      async () => (await harness.count("a_payments_queue")) === sent,
    );
    expect(ran()).toBe(sent);
  });

  it("go back when handlers have become slow, and leave the others to other workers", async () => {
    const { resume, sent } = await startWithPrefetched();
    const other = await harness.start({ handlers: { Test: async () => undefined } });
    await eventually(
      "the work of the other worker",
      async () => (await harness.count("a_payments_queue")) === sent - 1,
    );
    await other.worker.stop();
    resume();
  });
});
