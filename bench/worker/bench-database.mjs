// What the worker's benches share: an embedded server with PGMQ, one template a namespace with one step, and workers on it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startEmbeddedPostgres } from "../../packages/dev-postgres/dist/index.js";
import { installPgmq } from "../../packages/pgmq/dist/install/index.js";
import { createWorker } from "../../packages/worker/dist/index.js";

/**
 * Starts everything, runs `use`, and stops everything.
 *
 * @param options those of startEmbeddedPostgres, and `namespaces`, each of which has a template
 */
export async function withBenchDatabase(use, { namespaces = ["bench"], ...options } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "bench-worker-"));
  for (const namespace of namespaces)
    writeFileSync(
      join(folder, `${namespace}.yaml`),
      `name: t\nnamespace_name: ${namespace}\nversion: 1.0.0\nsteps:\n  - { name: s, handler: { callable: Bench } }\n`,
    );
  const server = await startEmbeddedPostgres(options);
  const client = await connect(server.url);
  try {
    await installPgmq(client);
    const { url, pid } = server;
    await use({ url, serverPid: pid, templates: join(folder, "*.yaml"), client });
  } finally {
    await client.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A connection that is open. */
export async function connect(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

/** A worker of the namespaces, not started. @param isObserved whether it opens HTTP, its socket and its heartbeat file */
export function createBenchWorker(
  { url, templates },
  handler,
  {
    namespaces = ["bench"],
    slots = 10,
    batchSize = 20,
    pollingIntervalMs = 1_000,
    notifications = "auto",
    isObserved = false,
  } = {},
) {
  const folder = dirname(templates);
  return createWorker({
    database: url,
    namespaces,
    templates: [templates],
    handlers: { Bench: handler },
    concurrency: slots,
    batchSize,
    pollingIntervalMs,
    notifications,
    ...(isObserved && {
      http: { port: 0 },
      socketPath: join(folder, "worker.sock"),
      heartbeatFile: join(folder, "heartbeat"),
    }),
  });
}

/** Where a namespace's steps are. */
export function queueOf(namespace) {
  return `${namespace}_queue`;
}

/** So many namespaces. */
export function namespacesNamed(count) {
  return Array.from({ length: count }, (_, number) => `bench${number}`);
}

/** Has a worker make the queues of the namespaces, where they are missing: so that inserts into them notify. */
export async function makeQueues({ url, templates, client }, namespaces) {
  const { rows } = await client.query(
    "select count(*)::int as found from pgmq.meta where queue_name = any($1::text[])",
    [namespaces.map(queueOf)],
  );
  if (rows[0].found === namespaces.length) return;
  const worker = await createBenchWorker({ url, templates }, async () => undefined, { namespaces });
  await worker.start();
  await worker.stop();
}

/** One step as it is sent; SQL, with the step's number as `i` and its namespace as `namespace`. */
export const message = (input = "to_jsonb(i)") =>
  `jsonb_build_object('step_id', i::text, 'template', jsonb_build_object('namespace', namespace, 'name', 't', 'version', '1.0.0'), 'step_name', 's', 'input', ${input}, 'enqueued_at', now()::text)`;

/** Puts so many steps on a namespace's queue, past PGMQ's own send, which would notify for each. */
export async function fill(client, namespace, count) {
  await insertSteps(client, namespace, count);
  await client.query(`vacuum analyze pgmq.q_${queueOf(namespace)}`);
}

/** The same, and the table stays as it is. */
export async function insertSteps(client, namespace, count) {
  await client.query(
    `insert into pgmq.q_${queueOf(namespace)} (vt, message)
     select now(), ${message()} from generate_series(1, $2::int) as i, (values ($1::text)) as of(namespace)`,
    [namespace, count],
  );
}

/** Empties the queues of the namespaces, and puts so many steps on each: in one statement, as there may be a thousand. */
export async function refill(client, namespaces, count) {
  await client.query(`
    create or replace function pg_temp.refill(namespaces text[], steps int) returns void language plpgsql as $$
    declare namespace text;
    begin
      foreach namespace in array namespaces loop
        execute format('truncate pgmq.%I, pgmq.%I', 'q_' || namespace || '_queue', 'a_' || namespace || '_queue');
        execute format('insert into pgmq.%I (vt, message) select now(), ${message().replaceAll("'", "''")}
                          from generate_series(1, %s) as i, (values (%L)) as of(namespace)',
                       'q_' || namespace || '_queue', steps, namespace);
      end loop;
    end $$`);
  await client.query("select pg_temp.refill($1::text[], $2::int)", [namespaces, count]);
  for (const namespace of namespaces.length === 1 ? namespaces : [])
    await client.query(`vacuum analyze pgmq.q_${queueOf(namespace)}, pgmq.a_${queueOf(namespace)}`);
}

/** Waits until the last outcome is written, in all queues. */
export async function untilEmpty(client, queues) {
  for (const queue of queues) await untilNone(client, `pgmq.q_${queue}`);
}

/** Waits until there is no such row. @param rows a table, and what else follows `from` */
export async function untilNone(client, rows) {
  for (;;) {
    const found = await client.query(`select 1 from ${rows} limit 1`);
    if (found.rows.length === 0) return;
    await sleep(1);
  }
}
