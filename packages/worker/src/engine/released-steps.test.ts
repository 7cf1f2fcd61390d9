import { expect, it } from "vitest";
import { channelOf, isReleasePayload, requestNotificationSql } from "../queues/notify-trigger.js";
import { openClient } from "../testing/notification-fixture.js";
import { emptyQueues, useWorkerHarness } from "../testing/use-worker-harness.js";
import { eventually, stepNamed } from "../testing/worker-harness.js";

const harness = useWorkerHarness(emptyQueues);

/** Listens for steps of `payments`, as a worker does. @returns the notifications of released steps */
async function hearReturns(): Promise<readonly string[]> {
  const client = await openClient(harness.database.url);
  const heard: string[] = [];
  client.on("notification", ({ payload = "" }) => {
    if (isReleasePayload(payload)) heard.push(payload);
  });
  await client.query(`listen ${client.escapeIdentifier(channelOf("payments_queue"))}`);
  await client.query(requestNotificationSql, [["payments_queue"]]);
  return heard;
}

it("a worker that stops says that it has released a step, once that is written", async () => {
  let hasBegun = false;
  const { worker } = await harness.start({
    handlers: {
      Test: (_input, { signal }) =>
        new Promise((_resolve, reject) => {
          hasBegun = true;
          signal.addEventListener("abort", () => reject(new Error("aborted")));
        }),
    },
    worker: { shutdown: { drain_timeout_ms: 1 } },
  });
  await worker.enqueue(stepNamed("plain"));
  await eventually("the step", () => hasBegun);
  const heard = await hearReturns();
  await worker.stop();
  await eventually("the notice", () => heard.length > 0);
  const visible = "select read_ct from pgmq.q_payments_queue where vt <= clock_timestamp()";
  expect(await harness.query(visible)).toEqual([{ read_ct: 1 }]);
});

it("a worker that cannot run a step says that it has released it", async () => {
  const { worker } = await harness.start();
  const heard = await hearReturns();
  await worker.enqueue(stepNamed("plain"));
  await eventually("the notice", () => heard.length > 0);
});
