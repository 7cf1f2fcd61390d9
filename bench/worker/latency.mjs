// Sends steps that carry the time they were sent at, by the clock that all processes of a machine share.
import { setTimeout as sleep } from "node:timers/promises";

/** Sends a step whenever the one before has long been taken, to a queue at random. */
export async function sendOneByOne(side, { client, namespaces, samples }) {
  for (let sample = 0; sample < samples; sample += 1) {
    await side.send(client, namespaces[Math.floor(Math.random() * namespaces.length)]);
    // Longer than the least time between two notifications that PGMQ's own trigger leaves; at random, as polls are regular.
    await sleep(300 + Math.random() * 400);
  }
  return samples;
}

/** Sends 500 steps a second, each by a statement of its own: with handlers of 5 ms, a quarter of ten slots is taken. */
export async function sendAtRate(side, { client, namespaces, samples }) {
  const startedAt = performance.now();
  for (let sample = 0; sample < samples * 50; sample += 1) {
    await side.send(client, namespaces[sample % namespaces.length]);
    const aheadMs = startedAt + sample * 2 - performance.now();
    if (aheadMs > 1) await sleep(aheadMs);
  }
  return samples * 50;
}

/**
 * Waits for all that were sent.
 *
 * @returns the latency that half of the steps kept, and the one that all but a hundredth kept
 * @throws Error where one has not started within a minute
 */
export async function latenciesOf(side, sent) {
  const found = [];
  const deadline = performance.now() + 60_000;
  for (;;) {
    found.push(...(await side.call("latencies")));
    if (found.length >= sent) return percentiles(found);
    if (performance.now() > deadline)
      throw new Error(`Of ${sent} steps ${found.length} have started within a minute.`);
    await sleep(100);
  }
}

function percentiles(latenciesMs) {
  const sorted = latenciesMs.toSorted((one, other) => one - other);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { p50: at(0.5), p99: at(0.99) };
}
