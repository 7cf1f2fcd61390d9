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
const letters = 2_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ pgmq: true });
  await withClient(database.url, async (client) => {
    await client.query(
      "select pgmq.create(name) from unnest(array['orders_queue', 'orders_dead_letter']) as name",
    );
    await client.query(
      "select pgmq.send('orders_dead_letter', jsonb_build_object('message', n, 'reason', jsonb_build_object('message', repeat('x', 300)))) from generate_series(1, $1::int) as n",
      [letters],
    );
  });
});
afterAll(() => database.drop());

/** Nobody reads its outputs before they are resumed. */
function runUnread(...args: string[]): SpawnedProcess {
  const env = { ...process.env, DATABASE_URL: database.url };
  const command = spawnNode(
    [join(root, "packages/worker/bin/tasker-worker.js"), "dead-letters", ...args],
    { cwd: root, env },
  );
  command.pauseReading();
  return command;
}

/** It waits for its reader, with letters still to read: its transaction is open, and nothing happens in it. */
async function untilItWaits(command: SpawnedProcess): Promise<void> {
  const restful =
    "select from pg_stat_activity where application_name = 'tasker-dead-letters' and datname = current_database() and state = 'idle in transaction' and clock_timestamp() - state_change > interval '300 ms'";
  await withClient(database.url, async (client) => {
    const waits = async (): Promise<boolean> =>
      !isRunning(command.pid) || (await client.query(restful)).rowCount === 1;
    await waitFor(waits, { what: "a command that waits for its reader" });
  });
  expect(isRunning(command.pid), "it has ended though nobody has read its lines").toBe(true);
}

describe("dead-letters, where its lines are read slowly,", () => {
  it.each([
    [["list", "--limit", String(letters)], letters],
    [["purge", "--namespace", "orders", "--all", "--dry-run", "--json"], letters + 1],
  ])("%j reads on as they are taken, and none is lost", async (args, count) => {
    const command = runUnread(...args);
    await untilItWaits(command);
    command.resumeReading();
    expect(await command.exited, command.stderr.text()).toEqual({ code: 0, signal: null });
    expect([command.stdout.lines.length, command.stdout.lines.at(-1)]).toEqual([
      count,
      expect.stringContaining(String(letters)),
    ]);
  });

  it("ends without a word when they are read no more, as `head` does", async () => {
    const command = runUnread("list", "--limit", String(letters));
    await untilItWaits(command);
    command.closeOutputs();
    expect(await command.exited).toEqual({ code: 0, signal: null });
    expect(command.stderr.text()).toBe("");
  });
});
