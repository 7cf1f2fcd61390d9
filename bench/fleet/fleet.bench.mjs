/**
 * What does a fleet cost its database? A report and a list beside the least that a competent engineer would write: an UPSERT of a
 * time alone, and a page of the rows as they are.
 *
 *   npm run bench -- fleet
 */
import { randomUUID } from "node:crypto";
import pg from "pg";
import { systemClock } from "../../packages/core/dist/index.js";
import { startEmbeddedPostgres } from "../../packages/dev-postgres/dist/index.js";
import { createFleetStore } from "../../packages/fleet/dist/index.js";
import { fromPgPool } from "../../packages/postgres/dist/index.js";
import { claimAtMost, median } from "../claim.mjs";
import { inEarnest } from "../scale.mjs";

const workers = inEarnest(1_000, 100);
const listed = inEarnest(10_000, 1_000);
const reports = inEarnest(10_000, 1_000);
const rounds = inEarnest(50, 10);
const forEver = new AbortController().signal;

const server = await startEmbeddedPostgres({
  settings: { shared_preload_libraries: "pg_stat_statements" },
});
const pool = new pg.Pool({ connectionString: server.url, max: 1 });
pool.on("error", () => undefined);
try {
  await pool.query("create extension pg_stat_statements");
  const store = createFleetStore({ client: fromPgPool(pool), clock: systemClock });
  await store.prepare();
  const fleet = Array.from({ length: workers }, (_, index) => reportOf(index));
  for (const report of fleet) await store.report(report);
  await pool.query("select pg_stat_statements_reset()");
  for (let sent = 0; sent < reports; sent += 1)
    await store.report({ ...fleet[sent % workers], steps_per_second: sent });
  await pool.query("create table plain (id text primary key, at timestamptz)");
  for (let sent = 0; sent < reports; sent += 1)
    await pool.query(
      "insert into plain values ($1, clock_timestamp()) on conflict (id) do update set at = excluded.at",
      [fleet[sent % workers].instance_id],
    );
  claimAtMost(
    `a report of one of ${workers} workers: time of the database`,
    await meanMs("tasker_observability.fleet as fleet"),
    1,
    {
      unit: "ms",
      beside: `an UPSERT of a time alone: ${(await meanMs("into plain")).toFixed(3)} ms`,
    },
  );
  const { rows } = await pool.query(
    "select pg_relation_size('tasker_observability.fleet') as size",
  );
  claimAtMost(
    `the table after ${reports} reports, times its rows`,
    Number(rows[0].size) / (workers * (await rowBytes())),
    4,
  );
  for (let index = workers; index < listed; index += 1) await store.report(reportOf(index));
  const ours = await medianMs(() => store.list({ limit: 100, offset: listed / 2 }, forEver));
  const bare = await medianMs(() =>
    pool.query("select * from tasker_observability.fleet order by worker_id limit 100 offset $1", [
      listed / 2,
    ]),
  );
  claimAtMost(`a page of ${listed} workers, with the counts of all`, ours, 20, {
    unit: "ms",
    beside: `the page's rows alone: ${bare.toFixed(1)} ms`,
  });
} finally {
  await pool.end();
  await server.stop();
}

/** Of the statements whose text contains it. */
async function meanMs(text) {
  const { rows } = await pool.query(
    "select sum(total_exec_time) / sum(calls) as mean from pg_stat_statements where query like 'insert%' and position($1 in query) > 0",
    [text],
  );
  return Number(rows[0].mean);
}

async function rowBytes() {
  const { rows } = await pool.query(
    "select avg(pg_column_size(fleet.*)) as bytes from tasker_observability.fleet",
  );
  return Number(rows[0].bytes);
}

async function medianMs(run) {
  const times = [];
  for (let round = 0; round <= rounds; round += 1) {
    const startedMs = performance.now();
    await run();
    times.push(performance.now() - startedMs);
  }
  return median(times.slice(1));
}

function reportOf(index) {
  const check = { status: "healthy", message: "answered in 1 ms, as it does on most days" };
  return {
    instance_id: randomUUID(),
    worker_id: `worker-${String(index).padStart(5, "0")}`,
    worker_type: "general",
    version: "2.4.1",
    observability_version: "0.1.0",
    host: `node-${index}`,
    pid: index,
    namespaces: ["orders", "payments", "mail"],
    state: "running",
    status: "healthy",
    checks: {
      database: check,
      command_processor: check,
      event_system: check,
      queue_processing: check,
    },
    slots: { total: 10, busy: 3, overdue: 0 },
    steps_per_second: 1.5,
    failed_per_second: 0,
    event_loop_lag_ms: 1.2,
    rss_bytes: 70_000_000,
    url: "http://10.0.0.1:8081",
    uptime_ms: 60_000,
  };
}
