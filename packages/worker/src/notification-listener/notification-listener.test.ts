import {
  createFakeClock,
  createTestDatabase,
  startTcpProxy,
  type TcpProxy,
  type TestDatabase,
} from "@tasker-observability/testkit";
import { type Clock, systemClock } from "@tasker-observability/core";
import { fromPgPool } from "@tasker-observability/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { prepareQueues } from "../preparation/prepare-queues.js";
import { eventually } from "../testing/worker-harness.js";
import { createNotificationListener, type NotificationListener } from "./notification-listener.js";
import { releasePayload } from "../queues/notify-trigger.js";
import { createStepQueues, type StepQueues } from "../queues/step-queues.js";
import { createStepTransactions } from "../queues/step-transactions.js";

let database: TestDatabase;
let pool: pg.Pool;
let proxy: TcpProxy;
const queueNames = ["payments_queue", "orders_queue"];

beforeAll(async () => {
  database = await createTestDatabase({ pgmq: true });
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  await prepareQueues({
    databaseHandle: { database: fromPgPool(pool), cancel: async () => undefined },
    queues: { stepQueues: queueNames, sendOnlyQueues: [], notifications: "auto" },
    databaseSetting: "database",
    clock: systemClock,
    logger: () => undefined,
    signal: new AbortController().signal,
  });
  proxy = await startTcpProxy(database.url);
});
afterAll(async () => {
  await proxy.close();
  await pool.end();
  await database.drop();
});

/** What a listener asks on another connection. */
function openQueues(): StepQueues {
  return createStepQueues({
    transactions: createStepTransactions({
      client: fromPgPool(pool),
      clock: systemClock,
      statementTimeoutMs: 10_000,
      closing: new AbortController().signal,
    }),
    visibilityTimeoutSeconds: 30,
    sendLockTimeoutMs: 10_000,
  });
}
const send = (queueName: string): Promise<unknown> =>
  pool.query("select pgmq.send($1, '{}')", [queueName]);

/** A listener by way of the proxy, which does not probe the queues; it stops when the test ends. */
async function startListener(
  options: {
    readonly queues?: StepQueues;
    readonly clock?: Clock;
    readonly ownReleasePayload?: string;
  } = {},
) {
  const heard: (string | undefined)[] = [];
  const polled: string[] = [];
  const log: string[] = [];
  const listener = createNotificationListener({
    queueNames,
    wakeup: {
      notify: (queueName) => heard.push(queueName),
      requestPeek: (queueName) => polled.push(queueName),
    },
    queues: { ...openQueues(), readTriggers: async () => [] },
    listenUrlSetting: "common.database.listen_url",
    clock: systemClock,
    logger: (_level, message) => log.push(message),
    ...options,
  });
  onTestFinished(() => listener.stop());
  listener.start(proxy.url(database.url));
  return { listener, heard, polled, log };
}

async function connected(listener: NotificationListener): Promise<void> {
  await eventually("the listener's connection", () => listener.state() === "connected");
}

/** What is heard of inserts alone: on connecting, every queue is polled twice. */
async function afterConnecting(heard: (string | undefined)[]): Promise<void> {
  await eventually("the polls", () => heard.length >= 2 * queueNames.length);
  heard.length = 0;
}

describe("the queue listener", () => {
  it("learns which queue has new messages", async () => {
    const { listener, heard } = await startListener();
    await connected(listener);
    await afterConnecting(heard);
    await send("orders_queue");
    await eventually("a notification", () => heard.length > 0);
    expect(heard).toEqual(["orders_queue"]);
  });

  it("has a queue polled to which another worker released steps, and takes that for no sign of its trigger", async () => {
    const ownReleasePayload = releasePayload("this worker");
    const { listener, heard, polled } = await startListener({ ownReleasePayload });
    await connected(listener);
    await afterConnecting(heard);
    const other = openQueues();
    await other.notifyOfRelease(["payments_queue"], ownReleasePayload);
    await other.notifyOfRelease(["orders_queue"], releasePayload("another worker"));
    await eventually("the poll", () => polled.length > 0);
    expect([polled, heard, listener.pollOnlyQueues()]).toEqual([["orders_queue"], [], queueNames]);
  });

  it("polls again when PGMQ's throttle is over, because the rest of a burst does not notify", async () => {
    const { listener, heard } = await startListener();
    await connected(listener);
    await afterConnecting(heard);
    for (let message = 0; message < 20; message += 1) await send("payments_queue");
    await eventually("the echo", () => heard.length >= 2);
  });

  it("has every queue polled when it connects, because earlier inserts were not heard", async () => {
    const { listener, heard } = await startListener();
    await connected(listener);
    expect(new Set(heard)).toEqual(new Set(queueNames));
  });

  it("reconnects when its connection is reset, and receives notifications again", async () => {
    const { listener, heard, log } = await startListener();
    await connected(listener);
    proxy.reset();
    await eventually("the loss", () => listener.state() === "down");
    await connected(listener);
    await afterConnecting(heard);
    await send("orders_queue");
    await eventually("a notification", () => heard.includes("orders_queue"));
    expect(log).toEqual([
      "the listener lost its connection: polling finds new steps until it is back",
    ]);
  });

  it("retries while nothing answers, and connects when something does", async () => {
    await proxy.cut();
    const { listener, log } = await startListener();
    await eventually("the second failure", () => log.length >= 2);
    expect(listener.state()).toBe("down");
    await proxy.restore();
    await connected(listener);
  });

  it("does not count as connected when notifications do not arrive", async () => {
    const { listener, log } = await startListener({
      queues: { ...openQueues(), notify: async () => undefined },
    });
    await eventually("the verdict", () => listener.state() === "not_receiving");
    expect(log).toEqual([
      "notifications do not arrive on this connection, as behind a transaction pooler: set common.database.listen_url; until then, polling finds new steps",
    ]);
  });

  it.each([
    ["connected", async (listener: NotificationListener) => connected(listener)],
    ["connecting", async () => undefined],
  ])(
    "stops after a second though the network swallows everything, when it is %s",
    async (_what, arrive) => {
      const clock = createFakeClock();
      const { listener } = await startListener({ clock });
      await arrive(listener);
      proxy.blackhole();
      onTestFinished(() => proxy.restore());
      const stopped = listener.stop();
      await clock.advance(1_000);
      await stopped;
      await listener.stop();
      expect(listener.state()).toBe("down");
    },
  );

  it("leaves no connection behind when it is stopped", async () => {
    const { listener } = await startListener();
    await connected(listener);
    await listener.stop();
    await eventually("an end of all connections", () => proxy.connections() === 0);
  });
});
