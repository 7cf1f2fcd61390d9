import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createTestDatabase,
  isRunning,
  type SpawnedProcess,
  spawnNode,
  type TestDatabase,
  waitFor,
  withClient,
} from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Their lines are more than a pipe takes. */
const messageCount = 2_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ pgmq: true });
  await withClient(database.url, async (client) => {
    await client.query(
      "select pgmq.create(name) from unnest(array['orders_queue', 'orders_dead_letter']) as name",
    );
    await client.query(
      "select pgmq.send('orders_dead_letter', jsonb_build_object('message', n, 'reason', jsonb_build_object('message', repeat('x', 300)))) from generate_series(1, $1::int) as n",
      [messageCount],
    );
  });
});
afterAll(() => database.drop());

/** Runs the command without reading its output. */
function runUnread(...args: string[]): SpawnedProcess {
  const env = { ...process.env, DATABASE_URL: database.url };
  const command = spawnNode(
    [join(root, "packages/worker/bin/tasker-worker.js"), "dead-letters", ...args],
    { cwd: root, env },
  );
  command.pauseReading();
  return command;
}

/** Resolves when the command waits for its reader: its transaction is open and idle. */
async function untilItWaits(command: SpawnedProcess): Promise<void> {
  const idleText =
    "select from pg_stat_activity where application_name = 'tasker-dead-letters' and datname = current_database() and state = 'idle in transaction' and clock_timestamp() - state_change > interval '300 ms'";
  await withClient(database.url, async (client) => {
    const waits = async (): Promise<boolean> =>
      !isRunning(command.pid) || (await client.query(idleText)).rowCount === 1;
    await waitFor(waits, { what: "a command that waits for its reader" });
  });
  expect(isRunning(command.pid), "it has ended although no line was read").toBe(true);
}

describe("dead-letters with a slow reader", () => {
  it.each([
    [["list", "--limit", String(messageCount)], messageCount],
    [["purge", "--namespace", "orders", "--all", "--dry-run", "--json"], messageCount + 1],
  ])("%j writes every line once the reader reads again", async (args, count) => {
    const command = runUnread(...args);
    await untilItWaits(command);
    command.resumeReading();
    expect(await command.exited, command.stderr.text()).toEqual({ code: 0, signal: null });
    expect([command.stdout.lines.length, command.stdout.lines.at(-1)]).toEqual([
      count,
      expect.stringContaining(String(messageCount)),
    ]);
  });

  it("ends silently when the reader leaves, as `head` does", async () => {
    const command = runUnread("list", "--limit", String(messageCount));
    await untilItWaits(command);
    command.closeOutputs();
    expect(await command.exited).toEqual({ code: 0, signal: null });
    expect(command.stderr.text()).toBe("");
  });
});
