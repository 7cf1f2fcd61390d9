import { withClient } from "@tasker-observability/testkit";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { createWorker } from "../create-worker.js";
import type { CreateWorkerOptions } from "../options/worker-options.js";
import { createTestRole } from "../testing/test-role.js";
import { useWorkerHarness } from "../testing/use-worker-harness.js";
import { eventually, stepNamed } from "../testing/worker-harness.js";

const harness = useWorkerHarness();

/** A superuser's role whose password changes while a worker runs as it. */
async function createRole() {
  const { url, name } = await createTestRole(harness.database.url);
  const admin = (text: string): Promise<unknown> =>
    withClient(harness.database.url, (client) => client.query(text));
  await admin(`alter role ${name} superuser`);
  let password = "x";
  return {
    url: Object.assign(new URL(url), { password: "" }).href,
    password: async () => password,
    /** As a rotation does, after which the server closes what is open. */
    async rotate() {
      password = "changed";
      await admin(`alter role ${name} password 'changed'`);
      await admin(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${name}'`,
      );
    },
  };
}

async function start(database: NonNullable<CreateWorkerOptions["database"]>) {
  let ran = 0;
  const worker = await createWorker({
    database,
    namespaces: ["payments"],
    templates: harness.templates,
    handlers: { Test: async () => (ran += 1) },
  });
  onTestFinished(() => worker.stop());
  await worker.start();
  const isListening = (): boolean => worker.context.ports.eventSystem?.listener() === "connected";
  return { worker, ran: () => ran, isListening };
}

type Role = Awaited<ReturnType<typeof createRole>>;

/** A pool whose connections ask for the password. */
function openPool({ url, password }: Role): pg.Pool {
  const { username: user, hostname: host, port, pathname } = new URL(url);
  const pool = new pg.Pool({
    user,
    host,
    port: Number(port),
    database: pathname.slice(1),
    password,
  });
  pool.on("error", () => undefined);
  onTestFinished(() => pool.end());
  return pool;
}

describe("a password that changes while the worker runs", () => {
  it.each([
    ["the function of the option", ({ url, password }: Role) => ({ url, password })],
    ["the function of a pg Pool", openPool],
  ])("is taken from %s for new connections", async (_, open) => {
    const role = await createRole();
    const { worker, ran, isListening } = await start(open(role));
    await eventually("the listener", isListening);
    await role.rotate();
    await eventually("the listener to be gone", () => !isListening());
    await eventually("the listener to be back", isListening);
    await eventually("the step", async () => {
      if (ran() === 0) await worker.enqueue(stepNamed("plain")).catch(() => undefined);
      return ran() > 0;
    });
    expect(await worker.context.ports.database?.ping(AbortSignal.timeout(5_000))).toBeUndefined();
  });
});
