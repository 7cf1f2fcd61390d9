// What the worker's benches share: an embedded server with PGMQ, one template with one step, and workers on it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveConfig } from "../../packages/config/dist/index.js";
import { startEmbeddedPostgres } from "../../packages/dev-postgres/dist/index.js";
import { installPgmq } from "../../packages/pgmq/dist/install/index.js";
import { createWorker } from "../../packages/worker/dist/index.js";

const pg = createRequire(new URL("../../packages/worker/package.json", import.meta.url))("pg");
const message = `jsonb_build_object('step_id', i::text, 'template', '{"namespace":"bench","name":"t","version":"1.0.0"}'::jsonb, 'step_name', 's', 'input', i, 'enqueued_at', now()::text)`;

/** Starts everything, runs `use`, and stops everything. @param options those of startEmbeddedPostgres */
export async function withBenchDatabase(use, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), "bench-worker-"));
  writeFileSync(
    join(folder, "t.yaml"),
    "name: t\nnamespace_name: bench\nversion: 1.0.0\nsteps:\n  - { name: s, handler: { callable: Bench } }\n",
  );
  const server = await startEmbeddedPostgres(options);
  const client = new pg.Client({ connectionString: server.url });
  try {
    await client.connect();
    await installPgmq(client);
    await use({ url: server.url, templates: join(folder, "*.yaml"), client });
  } finally {
    await client.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A worker of the namespace `bench`, not started. */
export function createBenchWorker(
  { url, templates },
  handler,
  { slots = 10, batchSize = 20, pollingIntervalMs = 1_000 } = {},
) {
  const config = resolveConfig(
    {
      common: { database: { url }, task_templates: { search_paths: [templates] } },
      worker: {
        namespaces: ["bench"],
        web: { enabled: false },
        mpsc_channels: { handler_dispatch: { max_concurrent_handlers: slots } },
        event_systems: {
          worker: {
            metadata: {
              fallback_poller: { batch_size: batchSize, polling_interval_ms: pollingIntervalMs },
            },
          },
        },
      },
    },
    { env: {} },
  );
  return createWorker({ config, handlers: { Bench: handler } });
}

/** Puts so many steps on a queue, past PGMQ's own send, which would notify for each. */
export async function fill(client, queue, count) {
  await client.query(
    `insert into pgmq.q_${queue} (vt, message) select now(), ${message} from generate_series(1, ${count}) as i`,
  );
  await client.query(`vacuum analyze pgmq.q_${queue}`);
}
