import { type OwnServer, startOwnServer, withClient } from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startEmbeddedPostgres } from "@tasker-observability/dev-postgres";
import { installPgmq } from "@tasker-observability/pgmq/install";
import { eventually } from "../testing/worker-harness.js";
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

describe("a worker with a server of its own recovers by itself, and listens again,", () => {
  let server: OwnServer;
  beforeAll(async () => (server = await startOwnServer({ pgmq: true })));
  afterAll(() => server.close());

  it.each([
    ["a restart of the server", () => server.stop()],
    ["a crash of the server", () => server.kill()],
  ])("when %s interrupts steps under way", async (what, interrupt) => {
    const test = await startInterruptedWorker(server.url, harness.templates);
    await untilListening(test);
    for (let step = 0; step < 100; step += 1) await sendStep(server.url, `${what} ${step}`);
    await interrupt();
    await eventually(
      "the loss",
      () => test.log.some(({ message }) => message === "steps could not be claimed"),
      recoveryTimeoutMs,
    );
    expect((await test.live()).status).toBe("alive");
    await server.start();
    await recover(test, server.url, what);
    await eventually("all steps", () => new Set(test.runs).size === 101, recoveryTimeoutMs);
    await untilListening(test);
  });

  it("when another server takes over behind the same address, whose messages have the numbers of those that still run", async () => {
    const proxy = await openProxy(server.url);
    const app = new URL(proxy.url(server.url));
    [app.username, app.password] = ["app", "app"];
    const role = "create role app superuser login password 'app'";
    await withClient(server.url, (client) => client.query(role));
    const test = await startInterruptedWorker(app.href, harness.templates);
    await untilListening(test);
    await sendStep(server.url, "running old");
    await eventually("its run", () => test.ends.has("running old"));
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
    await sendStep(other.url, "running young");
    await eventually(
      "the run of the other",
      () => test.ends.has("running young"),
      recoveryTimeoutMs,
    );
    test.ends.get("running old")!();
    await eventually("its end", () => test.inFlight() === 1);
    const left = await withClient(other.url, (client) =>
      client.query("select msg_id from pgmq.q_payments_queue"),
    );
    expect(left.rows).toEqual(rows);
    test.ends.get("running young")!();
    await recover(test, other.url, "a failover");
    // PGMQ's own trigger tells of inserts alone: the next that arrives is the proof.
    await eventually(
      "an insert that is heard of",
      async () => {
        await sendStep(other.url, "to be heard of");
        return test.worker.context.ports.eventSystem?.listener() === "connected";
      },
      recoveryTimeoutMs,
    );
    await recover(test, other.url, "a failover, listening again");
  });
});
