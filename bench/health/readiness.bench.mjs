/**
 * How much of the speed of the barest imaginable function does `readiness()` keep, in process and within the cache's
 * time-to-live? The other side is an async function that builds and freezes an equal object by hand.
 *
 *   npm run bench -- health/readiness
 */
import assert from "node:assert/strict";
import { createHealthService, createWorkerContext } from "../../packages/health/dist/index.js";
import { claimAtLeast, median } from "../claim.mjs";

// What a pg Pool looks like to the adapter; within the time-to-live it is only asked for its counts.
const client = { query: async () => ({ rows: [{}] }), release: () => undefined };
const pool = {
  connect: async () => client,
  totalCount: 10,
  idleCount: 8,
  waitingCount: 0,
  options: { max: 10 },
};
const ports = {
  commandProcessor: {
    state: () => "running",
    heartbeat: { ageMs: () => 5 },
    slots: () => ({ total: 10, busy: 3, overdue: 0 }),
  },
  queues: { statistics: async () => [] },
};
const context = createWorkerContext({
  workerId: "bench-1",
  namespaces: ["payments", "orders"],
  ports,
});
const health = createHealthService({ context, database: pool });

const { tasker_pool: poolNumbers } = (await health.readiness()).system_info.pool_utilization;

/** The same answer by hand: nothing is asked or classified; every part is built and frozen. */
async function byHand() {
  const timestamp = context.timestamp();
  return Object.freeze({
    status: "healthy",
    timestamp,
    worker_id: "bench-1",
    checks: Object.freeze({
      lifecycle: Object.freeze({
        status: "healthy",
        message: "running",
        duration_ms: 0,
        last_checked: timestamp,
        criticality: "required",
        cached: false,
      }),
      database: Object.freeze({
        status: "healthy",
        message: "answered within 500 ms",
        duration_ms: 0,
        last_checked: timestamp,
        criticality: "required",
        cached: true,
      }),
      command_processor: Object.freeze({
        status: "healthy",
        message: "running, 3 of 10 slots busy",
        duration_ms: 0,
        last_checked: timestamp,
        criticality: "required",
        cached: true,
      }),
      queue_processing: Object.freeze({
        status: "healthy",
        message: "total depth 0 over 0 queues",
        duration_ms: 0,
        last_checked: timestamp,
        criticality: "required",
        cached: true,
      }),
    }),
    system_info: Object.freeze({
      version: "0.0.0",
      environment: "development",
      uptime_seconds: 0,
      worker_type: "general",
      database_pool_size: 10,
      command_processor_active: true,
      supported_namespaces: context.identity.namespaces,
      pool_utilization: Object.freeze({ tasker_pool: poolNumbers, pgmq_pool: poolNumbers }),
    }),
  });
}

assertEqualAnswers(await health.readiness(), await byHand());

const rounds = 40;
const callsPerMs = await measure({ readiness: () => health.readiness(), byHand });
claimAtLeast(
  "readiness() within the TTL, times an async function that builds and freezes the same object",
  callsPerMs.readiness / callsPerMs.byHand,
  0.7,
);

/** Side by side: the sides alternate in short rounds, so that what slows the machine slows both; the first quarter warms up. */
async function measure(sides) {
  const rates = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(sides)) rates[name].push(await callRate(run));
  }
  return Object.fromEntries(
    Object.entries(rates).map(([name, all]) => [name, median(all.slice(rounds / 4))]),
  );
}

async function callRate(run) {
  const calls = 20_000;
  const startedAt = performance.now();
  for (let call = 0; call < calls; call += 1) await run();
  return calls / (performance.now() - startedAt);
}

/** Equal but for the moving fields: the instants, the whole seconds of uptime, and what a check took. */
function assertEqualAnswers(actual, expected) {
  assert.deepEqual(still(actual), still(expected));
  assert.ok(
    [actual, actual.checks, actual.system_info, ...Object.values(actual.checks)].every(
      Object.isFrozen,
    ),
  );
}

function still(answer) {
  return JSON.parse(
    JSON.stringify(answer, (key, value) =>
      ["timestamp", "last_checked", "uptime_seconds", "duration_ms"].includes(key) ? null : value,
    ),
  );
}
