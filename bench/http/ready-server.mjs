/** Serves readiness over a pool on the given database, in the way that its arguments name: `ours`, `terminus` or `bare`. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createTerminus } from "@godaddy/terminus";
import { createHealthOperations, createHealthService } from "@tasker-observability/health";
import { createObservabilityListener } from "@tasker-observability/http-express";
import pg from "pg";
import { serve } from "./serve.mjs";

const [, , kind, connectionString] = process.argv;
const pool = new pg.Pool({ connectionString, max: 10 });
let queries = 0;

/** The pool as the checks and terminus see it, with its statements counted. */
pool.on("connect", (client) => {
  const query = client.query.bind(client);
  client.query = (...args) => {
    queries += 1;
    return query(...args);
  };
});

function terminus() {
  const server = createServer((_request, response) => response.writeHead(404).end());
  // It would answer with whatever the check resolves to: nothing, so that the answers are of like size.
  const check = async () => void (await pool.query("SELECT 1"));
  return createTerminus(server, {
    healthChecks: { "/health/ready": check },
    useExit0: true,
    logger: () => undefined,
  });
}

function ours() {
  const health = createHealthService({ database: pool });
  return createServer(createObservabilityListener(createHealthOperations(health)).handler);
}

/** What Node can do at best: it sends an answer of ours again and again, and asks nobody. */
async function bare() {
  const body = JSON.stringify(await createHealthService({ database: pool }).readiness());
  const headers = [
    "Content-Type",
    "application/json",
    "Content-Length",
    String(body.length),
    "Cache-Control",
    "no-store",
    "X-Content-Type-Options",
    "nosniff",
    "X-Request-Id",
    randomUUID(),
  ];
  return createServer((_request, response) => response.writeHead(200, headers).end(body, "latin1"));
}

const servers = { ours, terminus, bare };
serve(await servers[kind](), () => ({ queries }));
