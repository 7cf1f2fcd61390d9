// A scrape with 1 000 namespaces against one pgmq.metrics() each, one after the other.
// npm run bench -- metrics/namespaces-1000
import { createMetricsService, createWorkerContext } from "../../packages/metrics/dist/index.js";
import { createPgmqQueues } from "../../packages/pgmq/dist/index.js";
import { fromPgPool } from "../../packages/postgres/dist/index.js";
import { claimAtMost } from "../claim.mjs";
import { startPgmqDatabase } from "./pgmq-database.mjs";
import { sideBySide } from "./side-by-side.mjs";

const { pool, namespaces, stop } = await startPgmqDatabase(1_000);
const database = fromPgPool(pool);
const queues = createPgmqQueues({
  client: database,
  queues: () => namespaces.map((namespace) => ({ namespace, queue_name: `${namespace}_queue` })),
  cacheTtlMs: 0,
});
const service = createMetricsService({
  context: createWorkerContext({ workerId: "bench", ports: { database, queues } }),
  collectorTimeoutMs: 10_000,
});

async function readDepths() {
  const text = await service.prometheusFormat();
  return text.match(/^tasker_worker_queue_depth\{.*\} 3$/gm)?.length ?? 0;
}

async function ours() {
  const depths = await readDepths();
  if (depths !== namespaces.length)
    throw new Error(`The scrape has ${depths} queues of ${namespaces.length}.`);
}

async function oneByOne() {
  for (const namespace of namespaces) {
    const { rows } = await pool.query("select * from pgmq.metrics($1)", [`${namespace}_queue`]);
    if (Number(rows[0].queue_length) !== 3) throw new Error(`${namespace} is not as it was made.`);
  }
}

// The first scrapes plan their statements, which a busy machine may not do within the statements' time-out: the claim is about those after them.
for (let attempt = 0; attempt < 10 && (await readDepths()) < namespaces.length; attempt += 1);

const measured = await sideBySide({ ours, theirs: oneByOne, rounds: 11 });
console.log(
  `     one scrape: ${measured.ours.toFixed(0)} ms, 1 000 x pgmq.metrics(): ${measured.theirs.toFixed(0)} ms`,
);
claimAtMost(
  "a scrape with 1 000 namespaces, times one pgmq.metrics() each",
  measured.ours / measured.theirs,
  0.25,
);
service.close();
await stop();
