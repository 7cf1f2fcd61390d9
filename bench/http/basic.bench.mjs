/**
 * What does the way from a socket to a basic answer cost here, beside the same done by hand?
 *
 *   npm run bench -- http/basic
 */
import { claimRatio, compare, startServer } from "./compare.mjs";

const body = String.raw`^\{"status":"healthy","timestamp":"\d{4}-\d\d-\d\dT[\d:.]{12}Z","worker_id":"bench-1"\}$`;

async function measure(ours, theirs) {
  const servers = [];
  for (const name of [ours, theirs])
    servers.push({
      ...(await startServer("basic-server.mjs", [name])),
      name,
      path: "/health",
      body,
    });
  try {
    return await compare(...servers);
  } finally {
    for (const { stop } of servers) await stop();
  }
}

claimRatio(
  "the listener's /health beside a hand-written node:http handler",
  await measure("listener", "by-hand"),
  0.85,
);
claimRatio(
  "the router's /health in Express beside res.json of the same object",
  await measure("router", "express-json"),
  1.2,
);
