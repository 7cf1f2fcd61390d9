import { afterAll, beforeAll, beforeEach } from "vitest";
import { createWorkerHarness, type WorkerHarness } from "./worker-harness.js";

/**
 * Gives the tests of a file a database and what it takes to run workers on it.
 *
 * @param prepare - what happens to the database before each test: nothing by default.
 */
export function useWorkerHarness(
  prepare: (harness: WorkerHarness) => Promise<void> = async () => undefined,
): WorkerHarness {
  let opened: WorkerHarness;
  const harness: WorkerHarness = {
    get database() {
      return opened.database;
    },
    get templates() {
      return opened.templates;
    },
    start: (options) => opened.start(options),
    query: (text, values) => opened.query(text, values),
    count: (table) => opened.count(table),
    deadLetters: () => opened.deadLetters(),
    close: () => opened.close(),
  };
  beforeAll(async () => (opened = await createWorkerHarness()));
  afterAll(() => opened.close());
  beforeEach(() => prepare(opened));
  return harness;
}

export async function dropQueues({ query }: WorkerHarness): Promise<void> {
  await query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
}

/** Empties the queues of `payments` and their archives, and keeps them. */
export async function emptyQueues({ query }: WorkerHarness): Promise<void> {
  const tables = await query<{ table: string }>(
    "select format('pgmq.%I', table_name) as table from information_schema.tables where table_schema = 'pgmq' and table_name like '%payments%'",
  );
  if (tables.length > 0) await query(`truncate ${tables.map(({ table }) => table).join()}`);
}
