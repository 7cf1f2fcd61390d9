import pg from "pg";
import { onTestFinished } from "vitest";
import { eventually, type TestWorker, type WorkerHarness } from "./worker-harness.js";

export const namespaces = ["payments", "orders"];
export const createQueues =
  "select pgmq.create('payments_queue'); select pgmq.create('orders_queue')";
export const enableAsEarlierVersions =
  "select pgmq.enable_notify_insert('payments_queue', 250); select pgmq.enable_notify_insert('orders_queue', 250)";

/** A connection that fails rather than waits, until the test ends. */
export async function openClient(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, statement_timeout: 5_000 });
  client.on("error", () => undefined);
  onTestFinished(() => client.end());
  await client.connect();
  return client;
}

/** As in a database where no queue was ever made to notify. */
export async function dropQueuesAndTriggers({ query }: WorkerHarness): Promise<void> {
  await query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
  await query("drop function if exists pgmq.tasker_notify_insert");
}

/** Every trigger, as `name on table`. */
export async function triggersOf({ query }: WorkerHarness): Promise<string[]> {
  const rows = await query<{ name: string }>(
    "select tgname || ' on ' || tgrelid::regclass as name from pg_trigger where not tgisinternal order by 1",
  );
  return rows.map(({ name }) => name);
}

/** Waits until the worker has heard of an insert into each of its queues. */
export async function listensToAll({ worker }: TestWorker): Promise<void> {
  await eventually(
    "a proof",
    () =>
      worker.context.ports.eventSystem?.listener() === "connected" &&
      worker.context.ports.eventSystem.pollOnlyQueues?.().length === 0,
  );
}
