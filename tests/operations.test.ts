import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createTestDatabase,
  type SpawnedProcess,
  spawnNode,
  type TestDatabase,
  waitFor,
  withClient,
} from "@tasker-observability/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, "packages/worker/bin/tasker-worker.js");

let database: TestDatabase;
beforeEach(async () => (database = await createTestDatabase({ pgmq: true })));
afterEach(() => database.drop());

function run(...args: string[]): SpawnedProcess {
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    TASKER_WEB_BIND_ADDRESS: "127.0.0.1:0",
  };
  return spawnNode([program, ...args], { cwd: root, env });
}

interface Answers {
  readonly ready: number;
  readonly live: number;
  readonly commandProcessor: { readonly status: string; readonly message: string | null };
}

async function ask(url: string): Promise<Answers> {
  const [ready, live, detailed] = await Promise.all(
    ["ready", "live", "detailed"].map((name) => fetch(`${url}/${name}`)),
  );
  const { checks } = (await detailed!.json()) as {
    checks: { command_processor: Answers["commandProcessor"] };
  };
  return { ready: ready!.status, live: live!.status, commandProcessor: checks.command_processor };
}

it("SIGUSR2 pauses a worker, which stays ready and alive and says so, and SIGCONT resumes it", async () => {
  const worker = run();
  const url = await worker.waitForLine(/^http.*\/health$/, 30_000);
  await worker.waitForLine(/^ready$/, 30_000);
  worker.kill("SIGUSR2");
  await worker.waitForLine(/^SIGUSR2: paused$/);
  await waitFor(async () => (await ask(url)).commandProcessor.status === "degraded", {
    what: "the pause in the answers",
  });
  expect(await ask(url)).toMatchObject({
    ready: 200,
    live: 200,
    commandProcessor: { message: "paused" },
  });
  worker.kill("SIGCONT");
  await worker.waitForLine(/^SIGCONT: resumed$/);
  await waitFor(async () => (await ask(url)).commandProcessor.status === "healthy", {
    what: "the end of the pause in the answers",
  });
  worker.kill();
  expect(await worker.exited).toEqual({ code: 0, signal: null });
});

it("tasker-worker dead-letters asks the worker's database, and ends", async () => {
  const deadLetter = {
    message: { step_id: "s-1" },
    reason: { code: "step_timeout", message: "late" },
    attempts: 3,
  };
  await withClient(database.url, (client) =>
    client.query(
      "select pgmq.create('orders_dead_letter'), pgmq.send('orders_dead_letter', $1::jsonb)",
      [JSON.stringify(deadLetter)],
    ),
  );
  const command = run("dead-letters", "list", "--namespace", "orders");
  expect(await command.exited, command.stderr.text()).toEqual({ code: 0, signal: null });
  expect(command.stdout.lines).toEqual(["orders 1 - attempts=3 - s-1 step_timeout: late"]);
});
