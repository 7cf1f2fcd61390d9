import { describe, expect, it } from "vitest";
import { type TestWorker } from "../testing/worker-harness.js";
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

const messages = ({ log }: TestWorker): string[] => log.map(({ message }) => message);

describe("what an earlier version left", () => {
  it("is replaced, the log says so, and its listeners keep receiving", async () => {
    await harness.query(`${createQueues}; ${enableAsEarlierVersions}`);
    const test = await harness.start({ handlers: { Test }, worker: { namespaces } });
    expect(await triggersOf(harness)).toEqual([
      "tasker_notify_insert on pgmq.q_orders_queue",
      "tasker_notify_insert on pgmq.q_payments_queue",
    ]);
    expect(await harness.query("select * from pgmq.notify_insert_throttle")).toEqual([]);
    expect(test.log).toContainEqual({
      level: "info",
      message:
        "replaced PGMQ's insert notification, which an earlier version had enabled: senders no longer wait for each other",
      fields: { queues: ["orders_queue", "payments_queue"] },
    });
    await listensToAll(test);
    await test.worker.stop();
    const again = await harness.start({ handlers: { Test }, worker: { namespaces } });
    expect(messages(again).filter((message) => message.includes("notif"))).toEqual([]);
  });

  it("is replaced when a crash has emptied its throttle", async () => {
    await harness.query(
      `${createQueues}; ${enableAsEarlierVersions}; delete from pgmq.notify_insert_throttle`,
    );
    await listensToAll(await harness.start({ handlers: { Test }, worker: { namespaces } }));
  });

  it("stays while a transaction has the queue locked, which delays neither the start nor senders", async () => {
    await harness.query(`${createQueues}; ${enableAsEarlierVersions}`);
    const client = await openClient(harness.database.url);
    await client.query("begin");
    await client.query(
      "insert into pgmq.q_payments_queue (vt, message) select now(), 'null' where false",
    );
    const test = await harness.start({ handlers: { Test }, worker: { namespaces } });
    expect(await triggersOf(harness)).toEqual([
      "tasker_notify_insert on pgmq.q_orders_queue",
      "trigger_notify_queue_insert_listeners on pgmq.q_payments_queue",
    ]);
    expect(test.log).toContainEqual({
      level: "warn",
      message:
        "PGMQ's insert notification could not be replaced, so senders wait for each other: run tasker-worker notifications install as the queue's owner",
      fields: { queue: "payments_queue", error: expect.objectContaining({ code: "55P03" }) },
    });
  });

  it("is distinguished from one that somebody set, whose owner gets a warning", async () => {
    await harness.query(`${createQueues}; select pgmq.enable_notify_insert('payments_queue', 100)`);
    const test = await harness.start({ handlers: { Test }, worker: { namespaces } });
    expect(await triggersOf(harness)).toEqual([
      "trigger_notify_queue_insert_listeners on pgmq.q_payments_queue",
    ]);
    expect(test.log).toContainEqual({
      level: "warn",
      message:
        "PGMQ's insert notification makes senders wait for each other: run tasker-worker notifications install to replace it",
      fields: { queues: ["payments_queue"] },
    });
  });
});
