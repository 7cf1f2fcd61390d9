import { createRequire } from "node:module";
import { median } from "../claim.mjs";

/** Packages as the metrics package resolves them, its own build included. */
const require = createRequire(new URL("../../packages/metrics/package.json", import.meta.url));
export const promClient = require("prom-client");

/**
 * Times two ways to do the same in alternating rounds, so that whatever else the machine does meets both.
 *
 * @param {{ ours: () => unknown, theirs: () => unknown, rounds?: number }} options each a function that does one round's work.
 * @returns {Promise<{ ours: number, theirs: number }>} the medians in milliseconds.
 */
export async function sideBySide({ ours, theirs, rounds = 31 }) {
  for (let warmUp = 0; warmUp < 5; warmUp += 1) {
    await ours();
    await theirs();
  }
  const taken = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round += 1) {
    // Who goes first takes turns, for the first pays for the other's garbage.
    const order = round % 2 === 0 ? ["ours", "theirs"] : ["theirs", "ours"];
    for (const side of order) taken[side].push(await timed(side === "ours" ? ours : theirs));
  }
  return { ours: median(taken.ours), theirs: median(taken.theirs) };
}

async function timed(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
