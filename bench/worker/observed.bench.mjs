/**
 * What does being observed cost? One worker at its top rate with nothing open, with everything open and nobody asking, and with
 * metrics scraped each second beside 200 probers that ask once a second.
 *
 *   npm run bench -- worker/observed
 */
import { Agent, get } from "node:http";
import { claimAtLeast, claimAtMost, median } from "../claim.mjs";
import { inEarnest } from "../scale.mjs";
import { withBenchDatabase } from "./bench-database.mjs";
import { startSide } from "./side.mjs";

const rounds = inEarnest(5, 1);
const steps = inEarnest(50_000, 2_000);
const probers = inEarnest(200, 20);
const kinds = {
  off: { worker: {} },
  on: { worker: { isObserved: true } },
  asked: { worker: { isObserved: true }, asks: true },
};

await withBenchDatabase(async (database) => {
  const side = await startSide("ours", { ...database, namespaces: ["bench"] });
  const results = { off: [], on: [], asked: [] };
  for (let round = 0; round <= rounds; round += 1)
    for (const kind of Object.keys(kinds)) {
      const result = await runOnce(side, kinds[kind]);
      if (round > 0) results[kind].push(result);
    }
  await side.stop();
  const compare = (kind, of) =>
    median(results[kind].map((result, round) => of(result, results.off[round])));
  const what = { on: "with everything on", asked: `scraped beside ${probers} probers` };
  for (const kind of ["on", "asked"]) {
    claimAtLeast(
      `steps a second ${what[kind]}, times those with everything off`,
      compare(kind, (it, off) => off.ms / it.ms),
      0.97,
    );
    claimAtMost(
      `event-loop delay p99 ${what[kind]}, more than with everything off`,
      compare(kind, (it, off) => it.delayP99Ms - off.delayP99Ms),
      10,
      {
        unit: "ms",
        beside: `${compare("off", (off) => off.delayP99Ms).toFixed(1)} ms with everything off`,
      },
    );
  }
});

async function runOnce(side, { worker, asks = false }) {
  await side.fill(steps);
  await side.call("open", { concurrency: 50, worker });
  const { url } = await side.call("usage");
  const asking = asks ? startAsking(url) : null;
  const { ms } = await side.call("run", { count: steps });
  const { delayP99Ms } = await side.call("usage");
  await asking?.stop();
  await side.call("close");
  return { ms, delayP99Ms };
}

/** One scrape and so many probes a second, spread over it, each prober with a connection of its own. */
function startAsking(url) {
  const agents = Array.from(
    { length: probers },
    () => new Agent({ keepAlive: true, maxSockets: 1 }),
  );
  const scraper = new Agent({ keepAlive: true, maxSockets: 1 });
  const failures = [];
  const ask = async (path, agent) => {
    const problem = await answerProblem(`${url}${path}`, agent);
    if (problem !== null) failures.push(`${path}: ${problem}`);
  };
  let turn = 0;
  const timers = [
    setInterval(() => {
      turn += 1;
      void ask("/health/ready", agents[turn % probers]);
    }, 1_000 / probers),
    setInterval(() => void ask("/metrics", scraper), 1_000),
  ];
  void ask("/metrics", scraper);
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      for (const agent of [...agents, scraper]) agent.destroy();
      if (turn === 0) throw new Error("Nobody asked: there were too few steps.");
      if (failures.length > 0) throw new Error(failures[0]);
    },
  };
}

/** @returns null where the answer was 200, and where the connection ended with the round */
function answerProblem(url, agent) {
  return new Promise((resolve) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.on("close", () =>
        resolve(response.statusCode === 200 ? null : String(response.statusCode)),
      );
    }).on("error", (error) => resolve(error.code === "ECONNRESET" ? null : error.message));
  });
}
