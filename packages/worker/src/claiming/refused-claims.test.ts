import { withClient } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually, stepNamed, type TestWorker } from "../testing/worker-harness.js";
import { useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness();

/** A role that may do all that a worker needs of PGMQ. */
async function createRole(): Promise<{ readonly name: string; readonly url: string }> {
  const name = `role_${crypto.randomUUID().slice(0, 8)}`;
  await harness.query(
    `create role ${name} login password 'x'; grant usage, create on schema pgmq to ${name}; grant all on all tables in schema pgmq to ${name}`,
  );
  onTestFinished(() =>
    withClient(harness.database.url, (client) =>
      client.query(`drop owned by ${name} cascade; drop role ${name}`),
    ).then(() => undefined),
  );
  return {
    name,
    url: Object.assign(new URL(harness.database.url), { username: name, password: "x" }).href,
  };
}

/** Longer than an idle loop sleeps. */
const stallAfterMs = 1_500;

async function startWorker(url: string): Promise<TestWorker & { readonly runs: unknown[] }> {
  const runs: unknown[] = [];
  const handlers = { Test: async (input: unknown) => void runs.push(input) };
  const test = await harness.start({
    url,
    handlers,
    worker: { health: { stall_after_ms: stallAfterMs, cache_ttl_ms: 0 } },
  });
  return { ...test, runs };
}

const isUnready = (test: TestWorker, message: RegExp) => async (): Promise<boolean> => {
  const { status, checks } = await test.ready();
  const { status: found, message: said } = checks.command_processor!;
  return status === "unhealthy" && found === "unhealthy" && message.test(said ?? "");
};

describe("a worker whose claims are refused is unready and alive, until one succeeds:", () => {
  it("by a database that takes no writes any more", async () => {
    const role = await createRole();
    const test = await startWorker(role.url);
    await harness.query(`alter role ${role.name} set default_transaction_read_only = on`);
    await harness.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1",
      [role.name],
    );
    await eventually("unreadiness", isUnready(test, /^claims refused for \d+ ms: read_only$/));
    expect((await test.ready()).checks).toMatchObject({
      database: { status: "healthy" },
      queue_processing: { status: "healthy" },
    });
    expect((await test.live()).status).toBe("alive");
    await harness.query(`alter role ${role.name} set default_transaction_read_only = off`);
    await eventually("readiness", async () => (await test.ready()).status === "healthy");
    await test.worker.enqueue(stepNamed("plain", "after"));
    await eventually("the step", () => test.runs.includes("after"));
    expect((await test.ready()).checks.command_processor).toMatchObject({
      status: "healthy",
      message: expect.stringMatching(/^running, /),
    });
  });

  it("by a trigger of the queue that raises what a shutdown raises", async () => {
    const role = await createRole();
    const test = await startWorker(role.url);
    await harness.query(
      "create function pgmq.refuse() returns trigger language plpgsql as $$ begin raise exception 'no' using errcode = '57P01'; end $$; create trigger refuse before update on pgmq.q_payments_queue for each row execute function pgmq.refuse()",
    );
    onTestFinished(() =>
      harness.query("drop function if exists pgmq.refuse cascade").then(() => undefined),
    );
    await test.worker.enqueue(stepNamed("plain", "refused"));
    await eventually("unreadiness", isUnready(test, /^claims refused for \d+ ms: shutting_down$/));
    await harness.query("drop function pgmq.refuse cascade");
    await eventually("readiness", async () => (await test.ready()).status === "healthy");
    await eventually("the step", () => test.runs.includes("refused"));
  });

  it("for want of a right", async () => {
    const role = await createRole();
    const test = await startWorker(role.url);
    await harness.query(
      `revoke all on pgmq.q_payments_queue from ${role.name}; alter table pgmq.q_payments_queue owner to current_user; grant select on pgmq.q_payments_queue to ${role.name}`,
    );
    await eventually(
      "unreadiness",
      isUnready(test, /^claims refused for \d+ ms: permission_denied$/),
    );
    expect((await test.live()).status).toBe("alive");
    await harness.query(`grant all on pgmq.q_payments_queue to ${role.name}`);
    await eventually("readiness", async () => (await test.ready()).status === "healthy");
  });
});
