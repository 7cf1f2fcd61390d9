/** Sets two servers, each in a process of its own, side by side under the same load, in alternating rounds. */
import { execFile, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { claimAtLeast, median } from "../claim.mjs";

const execute = promisify(execFile);
const local = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Starts a server script, which sends `{ port }` when it listens. */
export async function startServer(script, args = []) {
  const child = fork(local(script), args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const port = await new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message.port));
    child.once("exit", (code) =>
      reject(new Error(`${script} ${args.join(" ")} ended with ${code}`)),
    );
  });
  return {
    port,
    /** Asks the server for its own counts. */
    counts: () =>
      new Promise((resolve) => {
        child.once("message", resolve);
        child.send("counts");
      }),
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners("exit").once("exit", resolve);
        child.kill("SIGTERM");
      }),
  };
}

/** Answers a second under load, and the server's own time for one. Throws where a single answer was wrong. */
export async function load(target, { durationMs, connections = 100 }) {
  const plan = JSON.stringify({
    port: target.port,
    path: target.path,
    body: target.body,
    connections,
    durationMs,
  });
  const before = await target.counts();
  const { stdout } = await execute(process.execPath, [local("load.mjs"), plan]);
  const after = await target.counts();
  const { answers, wrong, counted, example } = JSON.parse(stdout);
  if (counted === 0 || wrong > 0)
    throw new Error(`${target.name}: ${wrong} of ${answers} answers were wrong: ${example}`);
  return {
    perSecond: (counted * 1_000) / durationMs,
    cpuMicros: (after.cpuMicros - before.cpuMicros) / answers,
  };
}

/** The median of the rounds' ratios: within a round, both sides meet the same machine. */
export async function compare(ours, theirs, { rounds = 15, durationMs = 1_000 } = {}) {
  for (const target of [ours, theirs]) await load(target, { durationMs: 2_000 });
  const measured = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? [ours, theirs] : [theirs, ours];
    const speeds = new Map();
    for (const target of order) speeds.set(target, await load(target, { durationMs }));
    measured.push({ ours: speeds.get(ours), theirs: speeds.get(theirs) });
  }
  const medianOf = (read) => median(measured.map(read));
  return {
    ratio: medianOf((round) => round.ours.perSecond / round.theirs.perSecond),
    ours: {
      perSecond: medianOf((round) => round.ours.perSecond),
      cpuMicros: medianOf((round) => round.ours.cpuMicros),
    },
    theirs: {
      perSecond: medianOf((round) => round.theirs.perSecond),
      cpuMicros: medianOf((round) => round.theirs.cpuMicros),
    },
  };
}

/** Claims the ratio of a comparison, with both sides' speeds beside it. */
export function claimRatio(what, { ratio, ours, theirs }, bound) {
  const figures = ({ perSecond, cpuMicros }) =>
    `${Math.round(perSecond)}/s at ${cpuMicros.toFixed(1)} µs of CPU`;
  claimAtLeast(what, ratio, bound, { beside: `${figures(ours)} against ${figures(theirs)}` });
}
