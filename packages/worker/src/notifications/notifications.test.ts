import { type OwnServer, startOwnServer, withClient } from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runNotifications } from "./run-notifications.js";
import { eventually, stepNamed, testConfig } from "../testing/worker-harness.js";
import {
  createQueues,
  dropQueuesAndTriggers,
  namespaces,
  openClient,
  triggersOf,
} from "../testing/notification-fixture.js";
import { useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(dropQueuesAndTriggers);

const Test = async (): Promise<void> => undefined;

describe("worker.notifications", () => {
  it("auto receives what the worker's own enqueue puts on a queue that does not notify", async () => {
    await harness.query(createQueues);
    let runs = 0;
    const test = await harness.start({
      handlers: { Test: async () => void (runs += 1) },
      worker: {
        namespaces,
        event_systems: {
          worker: { metadata: { fallback_poller: { polling_interval_ms: 600_000 } } },
        },
      },
    });
    // Its first look is over, and it would not look again for minutes.
    await eventually(
      "the request",
      () => test.worker.context.ports.eventSystem?.listener() === "not_used",
    );
    // Several: what comes just after it connects it finds by itself.
    const more = [
      stepNamed("plain"),
      { ...stepNamed("plain"), headers: { a: 1 } },
      { ...stepNamed("plain"), headers: {}, delaySeconds: 0 },
    ];
    for (const [index, step] of [...more, ...more].entries()) {
      await test.worker.enqueue(step);
      await eventually("the run", () => runs === index + 1);
    }
    const client = await openClient(harness.database.url);
    await client.query("begin");
    await test.worker.enqueue([stepNamed("plain")], { transaction: client });
    await client.query("commit");
    await eventually("the run", () => runs === 7);
    expect((await test.detailed()).checks.event_system).toMatchObject({
      status: "healthy",
      message: "found by polling only: payments_queue, orders_queue",
    });
    expect(test.log).toContainEqual({
      level: "info",
      message:
        "inserts into these queues do not notify, so polling finds their steps: run tasker-worker notifications install to change that",
      fields: { queues: ["orders_queue", "payments_queue"] },
    });
  });

  it("off neither listens nor has anything notify, and steps are found by polling", async () => {
    let runs = 0;
    const test = await harness.start({
      handlers: { Test: async () => void (runs += 1) },
      worker: { namespaces, notifications: "off" },
    });
    const heard: unknown[] = [];
    const client = await openClient(harness.database.url);
    client.on("notification", (notification) => heard.push(notification));
    await client.query('listen "pgmq.q_payments_queue.INSERT"');
    await test.worker.enqueue(stepNamed("plain"));
    await eventually("the run", () => runs === 1);
    // What was notified before this statement arrives before its answer.
    await client.query("select 1");
    expect([heard, await triggersOf(harness)]).toEqual([[], []]);
    expect(
      await harness.query(
        "select from pg_stat_activity where datname = current_database() and application_name = 'tasker-listener'",
      ),
    ).toEqual([]);
    expect((await test.detailed()).checks.event_system).toMatchObject({
      status: "healthy",
      message: "found by polling only: payments_queue, orders_queue",
    });
  });

  it("off warns of queues that still notify", async () => {
    await harness.start({ worker: { namespaces } });
    const test = await harness.start({ worker: { namespaces, notifications: "off" } });
    expect(test.log).toContainEqual({
      level: "info",
      message:
        "worker.notifications is off, but inserts into these queues still notify: run tasker-worker notifications remove to stop that",
      fields: { queues: ["orders_queue", "payments_queue"] },
    });
  });
});

describe("on a server of its own", () => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await startOwnServer({ pgmq: true, settings: { max_prepared_transactions: "2" } });
  });
  afterAll(() => server.close());

  const ask = (text: string): Promise<unknown> =>
    withClient(server.url, (client) => client.query(text));

  it("a sender may still prepare transactions for a two-phase commit, on queues that the worker made too", async () => {
    const test = await harness.start({ url: server.url, handlers: { Test } });
    expect(test.log).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining("do not notify") }),
    );
    await ask("begin; select pgmq.send('payments_queue', '{}'); prepare transaction 'sent'");
    await ask("commit prepared 'sent'");
  });

  it.each([
    ["our trigger", "select 1", "connected"],
    [
      "PGMQ's trigger, whose throttle a crash empties",
      "select pgmq.enable_notify_insert('payments_queue', 100)",
      "not_used",
    ],
  ])("after a crash health says of %s what is so", async (_what, prepare, listener) => {
    await ask(`select pgmq.drop_queue(queue_name) from pgmq.list_queues()`);
    await ask(`select pgmq.create('payments_queue'); ${prepare}`);
    if (listener === "connected")
      await runNotifications(
        ["install", "--namespace", "payments"],
        { print: async () => undefined },
        () => testConfig({ url: server.url, templates: harness.templates }),
      );
    const test = await harness.start({ url: server.url, handlers: { Test } });
    const state = (): string | undefined => test.worker.context.ports.eventSystem?.listener();
    // What is sent before it listens proves nothing.
    await eventually("a proof", async () => {
      await ask("select pgmq.send('payments_queue', '{}')");
      return state() === "connected";
    });
    await server.kill();
    await eventually("the loss", () => state() === "down", 30_000);
    await server.start();
    await eventually("the listener", () => state() !== "down", 30_000);
    await ask("select pgmq.send('payments_queue', '{}')");
    await eventually("the verdict", () => state() === listener);
  });
});
