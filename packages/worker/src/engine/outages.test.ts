import { withClient } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { eventually, messageOf } from "../testing/worker-harness.js";
import {
  openProxy,
  recover,
  recoveryTimeoutMs,
  sendStep,
  startInterruptedWorker,
  untilListening,
} from "../testing/outage-fixture.js";
import { useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness();

describe("a worker recovers by itself, and listens again,", () => {
  it("when its connections are reset in the middle of statements, again and again; no step is lost", async () => {
    const proxy = await openProxy(harness.database.url);
    const test = await startInterruptedWorker(proxy.url(harness.database.url), harness.templates);
    for (let round = 0; round < 10; round += 1) {
      for (let step = 0; step < 20; step += 1)
        await sendStep(harness.database.url, `${round}-${step}`);
      proxy.reset();
    }
    await eventually("all steps", () => new Set(test.runs).size === 200, recoveryTimeoutMs);
    await recover(test, harness.database.url, "resets");
    await untilListening(test);
    expect((await test.live()).status).toBe("alive");
  });

  it("when its connections are reset while a claim is under way", async () => {
    const proxy = await openProxy(harness.database.url);
    const test = await startInterruptedWorker(proxy.url(harness.database.url), harness.templates);
    await withClient(harness.database.url, async (client) => {
      await client.query("begin; lock table pgmq.q_payments_queue");
      const waiting =
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%pgmq.read%'";
      await eventually("a claim that waits", async () => (await harness.query(waiting)).length > 0);
      proxy.reset();
    });
    await recover(test, harness.database.url, "a reset in the middle of a claim");
    await untilListening(test);
  });

  it("when the network swallows everything for a while", async () => {
    const proxy = await openProxy(harness.database.url);
    const test = await startInterruptedWorker(proxy.url(harness.database.url), harness.templates);
    await untilListening(test);
    proxy.blackhole();
    await eventually(
      "unreadiness",
      async () => (await test.ready()).status === "unhealthy",
      recoveryTimeoutMs,
    );
    await proxy.restore();
    await recover(test, harness.database.url, "a black hole");
    await eventually(
      "readiness",
      async () => (await test.ready()).status === "healthy",
      recoveryTimeoutMs,
    );
    expect((await test.live()).status).toBe("alive");
  });

  it("when an outage outlasts the visibility time-out of its steps: each runs once, and none becomes a dead letter", async () => {
    const proxy = await openProxy(harness.database.url);
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
      recoveryTimeoutMs,
    );
    // A claim of what it buffers would be an attempt, and each step has one.
    expect(await harness.query("select from pgmq.q_payments_queue where read_ct <> 1")).toEqual([]);
    await harness.query("drop function public.refuse() cascade");
    for (const end of ends.slice(5)) end();
    await eventually(
      "all outcomes",
      async () => (await harness.count("q_payments_queue")) === 0,
      recoveryTimeoutMs,
    );
    expect([
      ends.length,
      await harness.count("a_payments_queue"),
      await harness.count("q_payments_dead_letter"),
    ]).toEqual([10, before.length + 10, 0]);
    expect((await test.live()).status).toBe("alive");
  });

  it("when only its listener is cut off, and its poller finds the steps meanwhile", async () => {
    const proxy = await openProxy(harness.database.url);
    const test = await startInterruptedWorker(harness.database.url, harness.templates, {
      listen_url: proxy.url(harness.database.url),
    });
    await untilListening(test);
    await proxy.cut();
    await eventually(
      "the loss",
      () => test.worker.context.ports.eventSystem?.listener() === "down",
      recoveryTimeoutMs,
    );
    await recover(test, harness.database.url, "the loss of the listener, by polling");
    expect((await test.detailed()).checks.event_system).toMatchObject({ status: "degraded" });
    await proxy.restore();
    await untilListening(test);
  });
});
