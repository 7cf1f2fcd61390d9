// What 100 concurrent scrapes cost the database, against one.
// npm run bench -- metrics/concurrent-scrapes
import { createMetricsService, createWorkerContext } from "../../packages/metrics/dist/index.js";
import { createPgmqQueues } from "../../packages/pgmq/dist/index.js";
import { fromPgPool } from "../../packages/postgres/dist/index.js";
import { claimAtMost } from "../claim.mjs";
import { startPgmqDatabase } from "./pgmq-database.mjs";

const { pool, namespaces, statements, stop } = await startPgmqDatabase(50);
const database = fromPgPool(pool);
const ports = { database, queues: unshared(database) };
const service = createMetricsService({
  context: createWorkerContext({ workerId: "bench", ports }),
});

/** Queue statistics that are read anew for whoever asks: what is shared is shared by the metrics alone. */
function unshared(client) {
  const queues = () =>
    namespaces.map((namespace) => ({ namespace, queue_name: `${namespace}_queue` }));
  return {
    statistics: (signal) => createPgmqQueues({ client, queues, cacheTtlMs: 0 }).statistics(signal),
  };
}

async function costOf(scrapes) {
  statements();
  const texts = await Promise.all(
    Array.from({ length: scrapes }, () => service.prometheusFormat()),
  );
  const read = texts.filter((text) =>
    text.includes(`tasker_worker_queue_depth{namespace="${namespaces.at(-1)}"} 3\n`),
  );
  if (read.length !== scrapes)
    throw new Error(`Only ${read.length} of ${scrapes} scrapes have all queues.`);
  return statements();
}

await costOf(1);
const one = await costOf(1);
const hundred = await costOf(100);
console.log(`     one scrape: ${one} statements, 100 concurrent ones: ${hundred}`);
claimAtMost("100 concurrent scrapes, times the statements of one", hundred / one, 1);
service.close();
await stop();
