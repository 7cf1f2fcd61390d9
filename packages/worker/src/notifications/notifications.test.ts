import { type OwnServer, startOwnServer, withClient } from "@tasker-observability/testkit";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { runNotifications } from "./run-notifications.js";
import {
  createWorkerHarness,
  eventually,
  messageOf,
  stepNamed,
  testConfig,
  type TestWorker,
  type WorkerHarness,
} from "../testing/worker-harness.js";

let harness: WorkerHarness;
beforeAll(async () => (harness = await createWorkerHarness()));
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
  await harness.query("drop function if exists pgmq.tasker_notify_insert");
});

const namespaces = ["payments", "orders"];
const Test = async (): Promise<void> => undefined;
const createQueues = "select pgmq.create('payments_queue'); select pgmq.create('orders_queue')";
const enableAsEarlierVersions =
  "select pgmq.enable_notify_insert('payments_queue', 250); select pgmq.enable_notify_insert('orders_queue', 250)";

async function open(url = harness.database.url): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, statement_timeout: 5_000 });
  client.on("error", () => undefined);
  onTestFinished(() => client.end());
  await client.connect();
  return client;
}

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
  return open(url.href);
}

/** Fails where somebody who sends needs a right more, waits for another, or runs into a deadlock. */
async function expectUnharmedSenders(): Promise<void> {
  await send(await openAsSender(), "payments");
  const [one, other] = [await open(), await open()];
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

const listens = ({ worker }: TestWorker): Promise<true> =>
  eventually(
    "a proof",
    () =>
      worker.context.ports.eventSystem?.listener() === "connected" &&
      worker.context.ports.eventSystem.polledQueues?.().length === 0,
  );
const triggers = async (): Promise<string[]> =>
  (
    await harness.query<{ name: string }>(
      "select tgname || ' on ' || tgrelid::regclass as name from pg_trigger where not tgisinternal order by 1",
    )
  ).map(({ name }) => name);
const messages = ({ log }: TestWorker): string[] => log.map(({ message }) => message);

describe("those who send are not harmed", () => {
  it.each([
    ["by queues that the worker makes", "select 1", 2],
    ["by queues that were there", createQueues, 0],
    ["by what an earlier version left", `${createQueues}; ${enableAsEarlierVersions}`, 2],
  ])("%s, while it runs and after it stopped", async (_what, prepare, count) => {
    await harness.query(prepare);
    const test = await harness.start({ handlers: { Test }, worker: { namespaces } });
    expect(await triggers()).toHaveLength(count);
    if (count > 0) await listens(test);
    await expectUnharmedSenders();
    await test.worker.stop();
    await expectUnharmedSenders();
  });
});

describe("what an earlier version left", () => {
  it("is replaced and told of, and its listeners go on hearing", async () => {
    await harness.query(`${createQueues}; ${enableAsEarlierVersions}`);
    const test = await harness.start({ handlers: { Test }, worker: { namespaces } });
    expect(await triggers()).toEqual([
      "tasker_notify_insert on pgmq.q_orders_queue",
      "tasker_notify_insert on pgmq.q_payments_queue",
    ]);
    expect(await harness.query("select * from pgmq.notify_insert_throttle")).toEqual([]);
    expect(test.log).toContainEqual({
      level: "info",
      message:
        "PGMQ's insert notification, which an earlier version had switched on, is replaced: senders no longer wait for each other",
      fields: { queues: ["orders_queue", "payments_queue"] },
    });
    await listens(test);
    await test.worker.stop();
    const again = await harness.start({ handlers: { Test }, worker: { namespaces } });
    expect(messages(again).filter((message) => message.includes("notif"))).toEqual([]);
  });

  it("is replaced where a crash has emptied its throttle", async () => {
    await harness.query(
      `${createQueues}; ${enableAsEarlierVersions}; delete from pgmq.notify_insert_throttle`,
    );
    await listens(await harness.start({ handlers: { Test }, worker: { namespaces } }));
  });

  it("stays while a transaction holds the queue, which delays neither the start nor those who send", async () => {
    await harness.query(`${createQueues}; ${enableAsEarlierVersions}`);
    const client = await open();
    await client.query("begin");
    await client.query(
      "insert into pgmq.q_payments_queue (vt, message) select now(), 'null' where false",
    );
    const test = await harness.start({ handlers: { Test }, worker: { namespaces } });
    expect(await triggers()).toEqual([
      "tasker_notify_insert on pgmq.q_orders_queue",
      "trigger_notify_queue_insert_listeners on pgmq.q_payments_queue",
    ]);
    expect(test.log).toContainEqual({
      level: "warn",
      message:
        "PGMQ's insert notification could not be replaced, and senders wait for each other: run tasker-worker notifications install as the queue's owner",
      fields: { queue: "payments_queue", error: expect.objectContaining({ code: "55P03" }) },
    });
  });

  it("is told from what somebody set otherwise, who is told what it does", async () => {
    await harness.query(`${createQueues}; select pgmq.enable_notify_insert('payments_queue', 100)`);
    const test = await harness.start({ handlers: { Test }, worker: { namespaces } });
    expect(await triggers()).toEqual([
      "trigger_notify_queue_insert_listeners on pgmq.q_payments_queue",
    ]);
    expect(test.log).toContainEqual({
      level: "warn",
      message:
        "PGMQ's insert notification makes senders wait for each other: tasker-worker notifications install replaces it",
      fields: { queues: ["payments_queue"] },
    });
  });
});

describe("worker.notifications", () => {
  it("auto hears of what the worker's own enqueue puts on a queue that does not notify", async () => {
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
    const client = await open();
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
        "inserts into these queues do not notify, and polling finds what others send: tasker-worker notifications install changes that",
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
    const client = await open();
    client.on("notification", (notification) => heard.push(notification));
    await client.query('listen "pgmq.q_payments_queue.INSERT"');
    await test.worker.enqueue(stepNamed("plain"));
    await eventually("the run", () => runs === 1);
    // What was notified before this statement arrives before its answer.
    await client.query("select 1");
    expect([heard, await triggers()]).toEqual([[], []]);
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

  it("off tells of queues that notify still", async () => {
    await harness.start({ worker: { namespaces } });
    const test = await harness.start({ worker: { namespaces, notifications: "off" } });
    expect(test.log).toContainEqual({
      level: "info",
      message:
        "worker.notifications is off, and inserts into these queues still notify: tasker-worker notifications remove ends that",
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
