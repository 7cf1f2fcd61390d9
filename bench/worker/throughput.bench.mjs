/**
 * How many steps a second, and at how much CPU a step, beside what one would pick instead: graphile-worker, pg-boss, BullMQ, and a
 * loop written by hand? All run on one server in one run and in turn, each in a process of its own that stays, so that it is
 * warm; steps are queued before the clock starts, which it does with the first of them, and it stops when the last outcome is written.
 *
 *   npm run bench -- worker/throughput
 */
import { claimAtLeast, claimAtMost, median } from "../claim.mjs";
import { inEarnest } from "../scale.mjs";
import { namespacesNamed, withBenchDatabase } from "./bench-database.mjs";
import { startSide } from "./side.mjs";

const rounds = inEarnest(5, 1);
const one = ["bench"];
const many = namespacesNamed(inEarnest(1_000, 50));
const loops = ["bare-loop", "overlapped-loop"];
const all = ["ours", "graphile-worker", "pg-boss", "bullmq", ...loops];

const loads = [
  { title: "1 at a time", concurrency: 1, steps: 10_000, peer: 1 },
  { title: "10 at a time", concurrency: 10, steps: 20_000, peer: 1, loop: 0.7 },
  { title: "50 at a time", concurrency: 50, steps: 20_000, peer: 1, loop: 0.7 },
  {
    title: "50 at a time, 5 ms of waiting each",
    concurrency: 50,
    waitMs: 5,
    steps: 10_000,
    loop: 0.95,
  },
  {
    title: `10 at a time, ${many.length} queues`,
    concurrency: 10,
    steps: 20_000,
    namespaces: many,
    files: ["ours", "graphile-worker", ...loops],
    peer: 1,
  },
];

await withBenchDatabase(
  async (database) => {
    const table = [];
    for (const load of loads) table.push(await measure(database, load));
    printTable(table);
  },
  // A thousand queues are emptied in one transaction.
  { namespaces: [...one, ...many], settings: { max_locks_per_transaction: "1024" } },
);

async function measure(database, load) {
  const { title, files = all, namespaces = one } = load;
  const sides = [];
  const cells = new Map();
  for (const file of files) {
    const side = await startSide(file, { ...database, namespaces });
    if (side === null) cells.set(file, "NOT RUN");
    else sides.push(side);
  }
  const results = new Map(sides.map(({ file }) => [file, []]));
  // They take turns, so that what slows the machine slows all; the first round warms up.
  for (let round = 0; round <= rounds; round += 1)
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const result = await runOnce(side, load);
      if (round > 0) results.get(side.file).push(result);
    }
  for (const side of sides) await side.stop();
  console.log(`${title}:`);
  for (const { file, name } of sides) {
    cells.set(file, cellOf(results.get(file)));
    console.log(`     ${name}: ${cells.get(file)}`);
  }
  claim(load, results);
  return { title, cells };
}

/** @returns steps a second, and microseconds of CPU a step */
async function runOnce(side, { steps, concurrency, waitMs }) {
  const count = inEarnest(steps, steps / 10);
  await side.fill(count);
  await side.call("open", { concurrency, waitMs });
  const { ms, workerUs, serverUs } = await side.call("run", { count });
  await side.call("close");
  return { rate: (count / ms) * 1_000, worker: workerUs / count, server: serverUs / count };
}

function claim({ title, peer, loop }, results) {
  const ratios = (file, of) =>
    median(results.get("ours").map((ours, round) => of(ours) / of(results.get(file)[round])));
  const rate = (result) => result.rate;
  if (peer !== undefined)
    claimAtLeast(
      `${title}: steps a second, times graphile-worker's`,
      ratios("graphile-worker", rate),
      peer,
    );
  if (loop !== undefined)
    // Of the two loops the one that is faster here.
    claimAtLeast(
      `${title}: steps a second, times those of the better bare loop`,
      Math.min(...loops.map((file) => ratios(file, rate))),
      loop,
    );
  claimAtMost(
    `${title}: CPU a step, worker and server, times graphile-worker's`,
    ratios("graphile-worker", ({ worker, server }) => worker + server),
    1.2,
  );
}

function cellOf(results) {
  const of = (name) => Math.round(median(results.map((result) => result[name])));
  const figures = of("rate").toLocaleString("en").replaceAll(",", " ");
  return `${figures} (${of("worker")} + ${of("server")})`;
}

/** For the README. */
function printTable(table) {
  const titles = {
    ours: "ours",
    bullmq: "BullMQ",
    "bare-loop": "bare loop",
    "overlapped-loop": "bare loop, overlapped",
  };
  const row = (cells) => console.log(`| ${cells.join(" | ")} |`);
  console.log("\nSteps a second (µs of CPU a step: worker + server):\n");
  row(["", ...all.map((file) => titles[file] ?? file)]);
  row(["---", ...all.map(() => "---")]);
  for (const { title, cells } of table) row([title, ...all.map((file) => cells.get(file) ?? "–")]);
}
