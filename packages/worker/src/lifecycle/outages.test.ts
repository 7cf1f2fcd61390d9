import { setTimeout as sleep } from "node:timers/promises";
import {
  type OwnServer,
  startOwnServer,
  startTcpProxy,
  type TcpProxy,
  withClient,
} from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startEmbeddedPostgres } from "@tasker-observability/dev-postgres";
import { installPgmq } from "@tasker-observability/pgmq/install";
import {
  createWorkerHarness,
  eventually,
  messageOf,
  type Sections,
  startTestWorker,
  type TestWorker,
  type WorkerHarness,
} from "../testing/worker-harness.js";

let harness: WorkerHarness;
beforeAll(async () => (harness = await createWorkerHarness()));
afterAll(() => harness.close());

const slow = 60_000;

async function proxyOf(url: string): Promise<TcpProxy> {
  const proxy = await startTcpProxy(url);
  onTestFinished(() => proxy.close());
  return proxy;
}

/** A worker that notes which steps it ran; those whose input begins with "held" run until their end is called. */
async function startWorker(url: string, database: Sections = {}) {
  const runs: unknown[] = [];
  const ends = new Map<unknown, () => void>();
  const Test = async (input: unknown): Promise<void> => {
    runs.push(input);
    if (typeof input === "string" && input.startsWith("held"))
      await new Promise<void>((resolve) => ends.set(input, resolve));
    else await sleep(5);
  };
  // What a lost connection leaves claimed is visible again after two seconds.
  const worker = { event_systems: { worker: { timing: { visibility_timeout_seconds: 2 } } } };
  const test = await startTestWorker({
    url,
    templates: harness.templates,
    handlers: { Test },
    worker,
    common: { database: { pool: { acquire_timeout_seconds: 2 }, ...database } },
  });
  return { ...test, runs, ends };
}

async function send(url: string, input: unknown): Promise<void> {
  await withClient(url, (client) =>
    client.query("select pgmq.send('payments_queue', $1::jsonb)", [
      JSON.stringify(messageOf("plain", input)),
    ]),
  );
}

/** Waits until a step that is sent now is run, and says how long that took. */
async function recover(
  { runs }: { readonly runs: readonly unknown[] },
  url: string,
  what: string,
): Promise<void> {
  const startedAtMs = performance.now();
  const input = `after ${what}`;
  await send(url, input);
  await eventually("the step", () => runs.includes(input), slow);
  process.stdout.write(
    `recovered from ${what} after ${Math.round(performance.now() - startedAtMs)} ms\n`,
  );
}

async function listens({ worker }: TestWorker): Promise<void> {
  await eventually(
    "the listener",
    () => worker.context.ports.eventSystem?.listener() === "connected",
    slow,
  );
}

describe("a worker recovers by itself, and listens again,", () => {
  it("when its connections are reset in the middle of statements, again and again; no step is lost", async () => {
    const proxy = await proxyOf(harness.database.url);
    const test = await startWorker(proxy.url(harness.database.url));
    for (let round = 0; round < 10; round += 1) {
      for (let step = 0; step < 20; step += 1) await send(harness.database.url, `${round}-${step}`);
      proxy.reset();
    }
    await eventually("all steps", () => new Set(test.runs).size === 200, slow);
    await recover(test, harness.database.url, "resets");
    await listens(test);
    expect((await test.live()).status).toBe("alive");
  });

  it("when its connections are reset while a claim is under way", async () => {
    const proxy = await proxyOf(harness.database.url);
    const test = await startWorker(proxy.url(harness.database.url));
    await withClient(harness.database.url, async (client) => {
      await client.query("begin; lock table pgmq.q_payments_queue");
      const waiting =
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%pgmq.read%'";
      await eventually("a claim that waits", async () => (await harness.query(waiting)).length > 0);
      proxy.reset();
    });
    await recover(test, harness.database.url, "a reset in the middle of a claim");
    await listens(test);
  });

  it("when the network swallows everything for a while", async () => {
    const proxy = await proxyOf(harness.database.url);
    const test = await startWorker(proxy.url(harness.database.url));
    await listens(test);
    proxy.blackhole();
    await eventually("unreadiness", async () => (await test.ready()).status === "unhealthy", slow);
    await proxy.restore();
    await recover(test, harness.database.url, "a black hole");
    await eventually("readiness", async () => (await test.ready()).status === "healthy", slow);
    expect((await test.live()).status).toBe("alive");
  });

  it("when an outage outlasts the visibility time-out of steps that it holds: each has run once, and none is a dead letter", async () => {
    const proxy = await proxyOf(harness.database.url);
    const ends: (() => void)[] = [];
    const handlers = { Test: () => new Promise<void>((resolve) => ends.push(resolve)) };
    const worker = {
      event_systems: {
        worker: {
          timing: { visibility_timeout_seconds: 1 },
          metadata: { fallback_poller: { polling_interval_ms: 20 } },
        },
      },
    };
    const test = await harness.start({ url: proxy.url(harness.database.url), handlers, worker });
    const before = await harness.query("select msg_id from pgmq.a_payments_queue");
    for (let step = 0; step < 10; step += 1)
      await harness.query("select pgmq.send('payments_queue', $1::jsonb)", [
        JSON.stringify(messageOf("once")),
      ]);
    await eventually("ten runs", () => ends.length === 10);
    await proxy.cut();
    for (const end of ends.slice(0, 5)) end();
    const visible = async (): Promise<number> =>
      Number(
        (
          await harness.query<{ n: string }>(
            "select count(*) as n from pgmq.q_payments_queue where vt <= clock_timestamp()",
          )
        )[0]?.n,
      );
    await eventually("ten visible steps", async () => (await visible()) === 10);
    // So that claims are possible and renewals are not.
    await harness.query(
      "create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'not yet'; end $$",
    );
    await harness.query(
      "create trigger refuse before update on pgmq.q_payments_queue for each row when (new.read_ct = old.read_ct) execute function public.refuse()",
    );
    await proxy.restore();
    await eventually(
      "a claim that waits for renewals",
      () => test.log.some(({ message }) => message === "steps of one queue could not be claimed"),
      slow,
    );
    // A claim of what it holds would be an attempt, and each step has one.
    expect(await harness.query("select from pgmq.q_payments_queue where read_ct <> 1")).toEqual([]);
    await harness.query("drop function public.refuse() cascade");
    for (const end of ends.slice(5)) end();
    await eventually(
      "all outcomes",
      async () => (await harness.count("q_payments_queue")) === 0,
      slow,
    );
    expect([
      ends.length,
      await harness.count("a_payments_queue"),
      await harness.count("q_payments_dead_letter"),
    ]).toEqual([10, before.length + 10, 0]);
    expect((await test.live()).status).toBe("alive");
  });

  it("when only its listener is cut off, and its poller finds the steps meanwhile", async () => {
    const proxy = await proxyOf(harness.database.url);
    const test = await startWorker(harness.database.url, {
      listen_url: proxy.url(harness.database.url),
    });
    await listens(test);
    await proxy.cut();
    await eventually(
      "the loss",
      () => test.worker.context.ports.eventSystem?.listener() === "down",
      slow,
    );
    await recover(test, harness.database.url, "the loss of the listener, by polling");
    expect((await test.detailed()).checks.event_system).toMatchObject({ status: "degraded" });
    await proxy.restore();
    await listens(test);
  });

  describe("with a server of its own", () => {
    let server: OwnServer;
    beforeAll(async () => (server = await startOwnServer({ pgmq: true })));
    afterAll(() => server.close());

    it.each([
      ["a restart of the server", () => server.stop()],
      ["a crash of the server", () => server.kill()],
    ])("when %s interrupts steps under way", async (what, interrupt) => {
      const test = await startWorker(server.url);
      await listens(test);
      for (let step = 0; step < 100; step += 1) await send(server.url, `${what} ${step}`);
      await interrupt();
      await eventually(
        "the loss",
        () => test.log.some(({ message }) => message === "steps could not be claimed"),
        slow,
      );
      expect((await test.live()).status).toBe("alive");
      await server.start();
      await recover(test, server.url, what);
      await eventually("all steps", () => new Set(test.runs).size === 101, slow);
      await listens(test);
    });

    it("when another server takes over behind the same address, whose messages have the numbers of those that still run", async () => {
      const proxy = await proxyOf(server.url);
      const app = new URL(proxy.url(server.url));
      [app.username, app.password] = ["app", "app"];
      const role = "create role app superuser login password 'app'";
      await withClient(server.url, (client) => client.query(role));
      const test = await startWorker(app.href);
      await listens(test);
      await send(server.url, "held old");
      await eventually("its run", () => test.ends.has("held old"));
      const { rows } = await withClient(server.url, (client) =>
        client.query<{ msg_id: string }>("select msg_id from pgmq.q_payments_queue"),
      );
      await server.stop();
      const other = await startEmbeddedPostgres({ port: server.port, durable: false });
      onTestFinished(() => other.stop());
      await withClient(other.url, installPgmq);
      await withClient(other.url, async (client) => {
        await client.query(
          `${role}; select pgmq.create('payments_queue'); select pgmq.create('payments_dead_letter'); select pgmq.enable_notify_insert('payments_queue', 250)`,
        );
        await client.query(
          `alter table pgmq.q_payments_queue alter msg_id restart with ${rows[0]?.msg_id}`,
        );
      });
      await send(other.url, "held young");
      await eventually("the run of the other", () => test.ends.has("held young"), slow);
      test.ends.get("held old")!();
      await eventually("its end", () => test.held() === 1);
      const left = await withClient(other.url, (client) =>
        client.query("select msg_id from pgmq.q_payments_queue"),
      );
      expect(left.rows).toEqual(rows);
      test.ends.get("held young")!();
      await recover(test, other.url, "a failover");
      // PGMQ's own trigger tells of inserts alone: the next that arrives is the proof.
      await eventually(
        "an insert that is heard of",
        async () => {
          await send(other.url, "to be heard of");
          return test.worker.context.ports.eventSystem?.listener() === "connected";
        },
        slow,
      );
      await recover(test, other.url, "a failover, listening again");
    });
  });
});
