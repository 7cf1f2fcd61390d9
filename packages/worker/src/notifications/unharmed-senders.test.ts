import { withClient } from "@tasker-observability/testkit";
import type pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { messageOf } from "../testing/worker-harness.js";
import {
  createQueues,
  dropQueuesAndTriggers,
  enableAsEarlierVersions,
  listensToAll,
  namespaces,
  openClient,
  triggersOf,
} from "../testing/notification-fixture.js";
import { useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(dropQueuesAndTriggers);

const Test = async (): Promise<void> => undefined;

const send = (client: pg.Client, namespace: string): Promise<unknown> =>
  client.query("select pgmq.send($1, $2::jsonb)", [
    `${namespace}_queue`,
    JSON.stringify(messageOf("plain")),
  ]);

/** A role that may insert into the queue `payments_queue`, and nothing else. */
async function openAsSender(): Promise<pg.Client> {
  const role = `sender_${crypto.randomUUID().slice(0, 8)}`;
  await harness.query(
    `create role ${role} login password 'x'; grant usage on schema pgmq to ${role}; grant select, insert on pgmq.q_payments_queue to ${role}`,
  );
  onTestFinished(() =>
    withClient(harness.database.url, (client) =>
      client.query(`drop owned by ${role}; drop role ${role}`),
    ).then(() => undefined),
  );
  const url = new URL(harness.database.url);
  [url.username, url.password] = [role, "x"];
  return openClient(url.href);
}

/** Fails where somebody who sends needs a right more, waits for another, or runs into a deadlock. */
async function expectUnharmedSenders(): Promise<void> {
  await send(await openAsSender(), "payments");
  const [one, other] = [
    await openClient(harness.database.url),
    await openClient(harness.database.url),
  ];
  await one.query("begin");
  await other.query("begin");
  await send(one, "payments");
  await send(other, "orders");
  // Each goes on in the other's queue while both transactions are open.
  await send(one, "orders");
  await send(other, "payments");
  await other.query("commit");
  await one.query("commit");
}

describe("those who send are not harmed", () => {
  it.each([
    ["by queues that the worker makes", "select 1", 2],
    ["by queues that were there", createQueues, 0],
    ["by what an earlier version left", `${createQueues}; ${enableAsEarlierVersions}`, 2],
  ])("%s, while it runs and after it stopped", async (_what, prepare, count) => {
    await harness.query(prepare);
    const test = await harness.start({ handlers: { Test }, worker: { namespaces } });
    expect(await triggersOf(harness)).toHaveLength(count);
    if (count > 0) await listensToAll(test);
    await expectUnharmedSenders();
    await test.worker.stop();
    await expectUnharmedSenders();
  });
});
