// The cost of queue statistics against PGMQ's own metrics, side by side in one run.
// npm run bench -- core/queue-statistics
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { fromPgPool } from "../../packages/postgres/dist/index.js";
import { createPgmqQueues } from "../../packages/pgmq/dist/index.js";
import { startEmbeddedPostgres } from "../../packages/dev-postgres/dist/index.js";
import { installPgmq } from "../../packages/pgmq/dist/install/index.js";
import { claimAtMost, median } from "../claim.mjs";

const shallowQueues = 1_000;
const deepMessages = 1_000_000;
const rounds = 15;
const idleMs = 15_000;
const forEver = new AbortController().signal;

const server = await startEmbeddedPostgres();
const admin = new pg.Client({ connectionString: server.url });
// Long-lived, as the README advises for many queues. The bounds of production stay as they are by default.
const pool = new pg.Pool({ connectionString: server.url, max: 1, idleTimeoutMillis: 300_000 });
try {
  await admin.connect();
  await prepareQueues();
  await compare();
} finally {
  await pool.end();
  await admin.end();
  await server.stop();
}

async function prepareQueues() {
  await installPgmq(admin);
  for (let index = 0; index < shallowQueues; index += 1) {
    await admin.query("select pgmq.create($1)", [`shallow_${index}`]);
    await admin.query(
      `insert into pgmq.q_shallow_${index} (vt, message) select now(), '{"n": 1}' from generate_series(1, $1)`,
      [index % 20],
    );
  }
  await admin.query("analyze");
}

async function compare() {
  let roundTrips = 0;
  const client = counting(fromPgPool(pool), () => (roundTrips += 1));
  const names = Array.from({ length: shallowQueues }, (_, index) => `shallow_${index}`);
  const shallow = createPgmqQueues({ client, queues: () => names.map(toQueue), cacheTtlMs: 0 });
  await warmUp(shallow);

  const ours = [];
  const all = [];
  const each = [];
  for (let round = 0; round < rounds; round += 1) {
    roundTrips = 0;
    ours.push(await timed(async () => verifyShallow(await shallow.statistics(forEver))));
    all.push(await timed(() => admin.query("select * from pgmq.metrics_all()")));
    if (round < 3) each.push(await timed(() => metricsOfEach(names)));
  }
  claimAtMost(
    `${shallowQueues} shallow queues, warm / metrics_all()`,
    median(ours) / median(all),
    0.8,
  );
  claimAtMost(
    `${shallowQueues} shallow queues, warm / metrics() of each`,
    median(ours) / median(each),
    1 / 4,
  );
  claimAtMost("round trips of one reading", roundTrips, 3 * Math.ceil(shallowQueues / 25) + 5);

  await sleep(idleMs);
  const idle = await timed(async () => verifyShallow(await shallow.statistics(forEver)));
  claimAtMost(
    `${shallowQueues} shallow queues, after ${idleMs / 1_000} s idle / metrics_all()`,
    idle / median(all),
    1,
  );
  shallow.close();
  await compareDeep(client);
}

async function compareDeep(client) {
  await admin.query("select pgmq.create('deep')");
  await admin.query(
    "insert into pgmq.q_deep (vt, message) select now(), jsonb_build_object('step_id', gen_random_uuid(), 'n', n) from generate_series(1, $1) n",
    [deepMessages],
  );
  await admin.query("analyze pgmq.q_deep");
  const deep = createPgmqQueues({ client, queues: () => [toQueue("deep")], cacheTtlMs: 0 });
  await warmUp(deep);
  const ours = [];
  const theirs = [];
  let statistics;
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await timed(async () => ([statistics] = await deep.statistics(forEver))));
    theirs.push(await timed(() => admin.query("select * from pgmq.metrics('deep')")));
  }
  deep.close();
  claimAtMost(
    `one queue of ${deepMessages} messages / metrics()`,
    median(ours) / median(theirs),
    1 / 30,
  );
  claimAtMost("its estimated depth, off by", Math.abs(statistics.depth / deepMessages - 1), 0.2);
}

/** The first readings plan; on a slow machine that takes more than one budget. */
async function warmUp(reader) {
  for (let round = 0; round < 20; round += 1) {
    const statistics = await reader.statistics(forEver);
    if (statistics.every(({ state }) => state === "readable")) return;
  }
  throw new Error("The queues were never read within the budget.");
}

function verifyShallow(statistics) {
  statistics.forEach(({ state, depth }, index) => {
    if (state !== "readable" || depth !== index % 20)
      throw new Error(`shallow_${index} is ${state} with ${depth} messages, not ${index % 20}.`);
  });
}

async function metricsOfEach(names) {
  for (const name of names)
    await admin.query({ name: "metrics", text: "select * from pgmq.metrics($1)", values: [name] });
}

function counting(client, count) {
  const withConnection = (use, options) =>
    client.withConnection(
      (connection) =>
        use({
          query(statement) {
            count();
            return connection.query(statement);
          },
        }),
      options,
    );
  return { withConnection };
}

function toQueue(name) {
  return { namespace: name, queue_name: name };
}

async function timed(run) {
  const startedAtMs = performance.now();
  await run();
  return performance.now() - startedAtMs;
}
