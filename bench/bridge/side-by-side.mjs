import { median } from "../claim.mjs";

/** The sides alternate in short rounds, so that what slows the machine slows all; the first quarter warms up. @returns calls per millisecond, the median of the rounds. */
export async function sideBySide(sides, { rounds = 24, roundMs = 60 } = {}) {
  const rates = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(sides)) rates[name].push(await callRate(run, roundMs));
  }
  return Object.fromEntries(
    Object.entries(rates).map(([name, all]) => [name, median(all.slice(rounds / 4))]),
  );
}

async function callRate(run, roundMs) {
  const startedAt = performance.now();
  let calls = 0;
  while (performance.now() - startedAt < roundMs) {
    for (let call = 0; call < 20; call += 1) await run();
    calls += 20;
  }
  return calls / (performance.now() - startedAt);
}
