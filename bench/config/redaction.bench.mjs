/**
 * How long does it take to redact a configuration of the size that a Tasker worker's base files have?
 *
 *   npm run bench -- config/redaction, or over real files: node bench/config/redaction.bench.mjs <folder of base/*.toml>
 */
import assert from "node:assert/strict";
import { loadConfig, resolveConfig } from "../../packages/config/dist/index.js";
import { claimAtMost, median } from "../claim.mjs";

const rounds = 300;
const [, , root] = process.argv;

/** As many values as Tasker's base files and the defaults make, one in five of them text, with the secrets of a worker among them. */
function sampleSections() {
  const table = (number) => ({
    enabled: number % 2 === 0,
    buffer_size: 1_000 + number,
    retry_interval_seconds: 5,
    token_expiry_hours: 24,
    ...(number % 4 === 0
      ? { target_url: `http://service-${number}:8080/path` }
      : { queue_name_pattern: "{namespace}_{name}_queue" }),
  });
  const tables = (count) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, number) => [`component_${number}`, table(number)]),
    );
  const auth = {
    enabled: true,
    api_keys: [{ name: "ops", key: "key-0123456789ab", rights: ["read"] }],
  };
  return {
    common: {
      database: { url: "postgres://tasker:hunter2hunter2@db.internal:5432/tasker" },
      components: tables(12),
    },
    worker: {
      worker_id: "bench-1",
      web: { auth },
      payment: { tls_private_key: "k-9876543210" },
      components: tables(20),
    },
  };
}

const load = () =>
  root === undefined ? resolveConfig(sampleSections(), { env: {} }) : loadConfig({ root, env: {} });

const times = [];
for (let round = 0; round < rounds; round += 1) {
  // A configuration is redacted once: each round has one of its own.
  const config = load();
  const startedAt = performance.now();
  const { redacted_fields } = config.redacted();
  times.push(performance.now() - startedAt);
  if (root === undefined) assert.equal(redacted_fields.length, 3);
}
const leaves = Object.keys(load().origins).length;
claimAtMost(`redacting a configuration of ${leaves} values`, median(times), 1, {
  unit: "ms",
  beside: `the fastest: ${Math.min(...times).toFixed(2)} ms`,
});
