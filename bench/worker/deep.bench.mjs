/**
 * Is a step claimed as fast from a queue of a million as from a short one, and where dead rows fill the table?
 *
 *   npm run bench -- worker/deep
 */
import { claimAtMost, median } from "../claim.mjs";
import { inEarnest } from "../scale.mjs";
import { fill, insertSteps, queueOf, withBenchDatabase } from "./bench-database.mjs";
import { startSide } from "./side.mjs";

const rounds = inEarnest(5, 1);
const steps = inEarnest(5_000, 500);
const depth = inEarnest(1_000_000, 50_000);
const [shallow, deep, dead] = ["shallow", "deep", "dead"];

await withBenchDatabase(
  async (database) => {
    const { client } = database;
    const sides = new Map();
    for (const namespace of [shallow, deep, dead])
      sides.set(namespace, await startSide("ours", { ...database, namespaces: [namespace] }));
    // Nobody tidies up behind the bench's back.
    await client.query(`alter table pgmq.q_${queueOf(dead)} set (autovacuum_enabled = false)`);
    await fill(client, deep, depth);
    const times = new Map([shallow, deep, dead].map((namespace) => [namespace, []]));
    for (let round = 0; round <= rounds; round += 1)
      for (const namespace of [shallow, deep, dead]) {
        if (namespace === shallow) await sides.get(shallow).fill(steps * 2);
        if (namespace === dead) await fillWithDead(client);
        const ms = await timeOf(sides.get(namespace));
        if (round > 0) times.get(namespace).push(ms);
      }
    for (const side of sides.values()) await side.stop();
    const ratio = (namespace) =>
      median(times.get(namespace).map((ms, round) => ms / times.get(shallow)[round]));
    claimAtMost(
      `${steps} steps off a queue of ${depth}, times off one of ${steps * 2}`,
      ratio(deep),
      1.3,
    );
    claimAtMost(
      `${steps} steps off a table with ${depth} dead rows, times the same`,
      ratio(dead),
      1.3,
    );
  },
  { namespaces: [shallow, deep, dead] },
);

/** The rows that died stand before those that live. */
async function fillWithDead(client) {
  const table = `pgmq.q_${queueOf(dead)}`;
  await client.query(`truncate ${table}`);
  await insertSteps(client, dead, depth);
  await client.query(`delete from ${table}`);
  await insertSteps(client, dead, steps * 2);
}

async function timeOf(side) {
  await side.call("open", { concurrency: 10 });
  const { ms } = await side.call("run", { count: steps, ofMore: true });
  await side.call("close");
  return ms;
}
