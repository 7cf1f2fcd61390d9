/**
 * What does a worker cost that has nothing to do, at 2 and at 1 000 queues, and how soon does it start a step that comes?
 * graphile-worker, pg-boss and BullMQ stand beside it.
 *
 *   npm run bench -- worker/idle
 */
import { setTimeout as sleep } from "node:timers/promises";
import { claimAtMost } from "../claim.mjs";
import { inEarnest } from "../scale.mjs";
import { namespacesNamed, withBenchDatabase } from "./bench-database.mjs";
import { latenciesOf, sendAtRate, sendOneByOne } from "./latency.mjs";
import { processorTimeUs } from "./processor-time.mjs";
import { startSide } from "./side.mjs";

// As long as the longest pause between two polls of any side.
const seconds = inEarnest(30, 3);
const settleMs = inEarnest(5_000, 1_000);
const samples = inEarnest(100, 10);
const few = namespacesNamed(2);
const many = namespacesNamed(inEarnest(1_000, 20));
const pollingIntervalMs = 200;
const heard = { title: "with LISTEN" };
const polled = { title: "without LISTEN", worker: { notifications: "off" } };

await withBenchDatabase(
  async (database) => {
    await database.client.query("create extension pg_stat_statements");
    await atRest(database, few, { heard: 1, polled: 2 });
    await peersAtRest(database, few);
    await atRest(database, many, { heard: 1, polled: 2 });
    await peersAtRest(database, many);
    await compareLatencies(database);
  },
  {
    namespaces: many,
    settings: {
      shared_preload_libraries: "pg_stat_statements",
      "pg_stat_statements.track_utility": "on",
      max_locks_per_transaction: "1024",
    },
  },
);

/** @param bounds statements a second; a poll of all queues each second may need a second statement to keep time */
async function atRest(database, namespaces, bounds) {
  for (const [name, kind] of Object.entries({ heard, polled })) {
    const { statements, cpu } = await measureRest(database, "ours", namespaces, kind);
    const what = `idle, ${namespaces.length} queues, ${kind.title}`;
    claimAtMost(`${what}: statements a second`, statements, bounds[name]);
    claimAtMost(`${what}: CPU of worker and server, of one core`, cpu, 1, { unit: "%" });
  }
}

async function peersAtRest(database, namespaces) {
  for (const file of ["graphile-worker", "pg-boss", "bullmq"])
    await measureRest(database, file, namespaces, { title: "idle" });
}

/** @returns statements a second, and the share of a core that worker and server use, in percent */
async function measureRest(database, file, namespaces, { title, worker }) {
  const side = await startSide(file, { ...database, namespaces });
  if (side === null) {
    console.log(`     ${file}, ${namespaces.length} queues: NOT RUN, as there is no redis-server`);
    return null;
  }
  // Empty queues: what earlier rounds left is gone.
  await side.fill(0);
  await side.call("open", { concurrency: 10, worker });
  await side.call("begin");
  await sleep(settleMs);
  const before = await readUse(database.client, side);
  await sleep(seconds * 1_000);
  const after = await readUse(database.client, side);
  await side.call("close");
  await side.stop();
  const a = (name) => (after[name] - before[name]) / seconds;
  const [statements, workerCpu, serverCpu] = [
    a("statements"),
    a("workerUs") / 1e4,
    a("serverUs") / 1e4,
  ];
  console.log(
    `     ${side.name}, ${namespaces.length} queues, ${title}: ${statements.toFixed(1)} statements a second, ` +
      `CPU ${workerCpu.toFixed(1)} % worker + ${serverCpu.toFixed(1)} % server`,
  );
  return { statements, cpu: workerCpu + serverCpu };
}

/** Statements are PostgreSQL's; those of Redis are not counted. */
async function readUse(client, side) {
  const { rows } = await client.query(
    "select coalesce(sum(calls), 0)::float8 as calls from pg_stat_statements where query not like '%pg_stat_statements%'",
  );
  const { workerUs } = await side.call("usage");
  return { statements: rows[0].calls, workerUs, serverUs: processorTimeUs(side.serverPid) };
}

async function compareLatencies(database) {
  const sides = [
    ["ours", "with LISTEN, 2 queues", few, {}, sendOneByOne, 5],
    ["ours", `with LISTEN, ${many.length} queues`, many, {}, sendOneByOne, 5],
    ["ours", "with LISTEN, under load", few, {}, sendAtRate, 5],
    [
      "ours",
      `without LISTEN, polling every ${pollingIntervalMs} ms`,
      few,
      { notifications: "off", pollingIntervalMs },
      sendOneByOne,
      pollingIntervalMs,
    ],
    ["graphile-worker", "idle", few, {}, sendOneByOne],
    ["graphile-worker", "under load", few, {}, sendAtRate],
  ];
  for (const [file, title, namespaces, worker, send, bound] of sides) {
    const side = await startSide(file, { ...database, namespaces });
    await side.fill(0);
    await side.call("open", { concurrency: 10, waitMs: send === sendAtRate ? 5 : 0, worker });
    await side.call("begin");
    await sleep(settleMs);
    const sent = await send(side, { client: database.client, namespaces, samples });
    const { p50, p99 } = await latenciesOf(side, sent);
    await side.call("close");
    await side.stop();
    const what = `from send to handler start, ${title}`;
    if (bound === undefined)
      console.log(
        `     ${side.name}, ${title}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
      );
    else
      claimAtMost(`${what}, p50`, p50, bound, { unit: "ms", beside: `p99 ${p99.toFixed(1)} ms` });
  }
}
