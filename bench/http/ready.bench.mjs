/**
 * What do 100 connections that ask for readiness all the time get, and what does it cost the database, beside
 * `@godaddy/terminus` with the same `SELECT 1` through the same kind of pool?
 *
 *   npm run bench -- http/ready
 */
import { startEmbeddedPostgres } from "@tasker-observability/dev-postgres";
import { claimAtMost } from "../claim.mjs";
import { claimRatio, compare, load, startServer } from "./compare.mjs";

/** The default time-to-live of a check. */
const ttlMs = 1_000;
const statementsEachRound = 1;
const oursBody = String.raw`^\{"status":"healthy",.*"database":\{"status":"(healthy|degraded)"`;
const terminusBody = String.raw`^[0-9a-f]+\r\n\{"status":"ok"`;

const postgres = await startEmbeddedPostgres();
const servers = [];
try {
  for (const [name, body] of Object.entries({
    ours: oursBody,
    terminus: terminusBody,
    bare: oursBody,
  })) {
    servers.push({
      ...(await startServer("ready-server.mjs", [name, postgres.url])),
      name,
      path: "/health/ready",
      body,
    });
  }
  const [ours, terminus, bare] = servers;
  claimRatio(
    "the listener's /health/ready at 100 connections beside terminus",
    await compare(ours, terminus),
    3,
  );
  const { ratio } = await compare(bare, terminus);
  console.log(
    `     the most that node:http reaches here, sending the same bytes without asking anybody: ${ratio.toFixed(2)}`,
  );
  const before = await ours.counts();
  const startedAt = performance.now();
  await load(ours, { durationMs: 4_000 });
  const rounds = ((await ours.counts()).queries - before.queries) / statementsEachRound;
  // One more than fits, for the round that the first request may start.
  claimAtMost(
    "rounds of checks while 100 connections ask",
    rounds,
    Math.floor((performance.now() - startedAt) / ttlMs) + 1,
  );
} finally {
  for (const { stop } of servers) await stop();
  await postgres.stop();
}
