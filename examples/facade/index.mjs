import { createObservability } from "@tasker-observability/ffi-bridge";
import { resolveConfig } from "@tasker-observability/config";
import { createYamlFolderSource } from "@tasker-observability/templates";
import pg from "pg";

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  connectionTimeoutMillis: 2_000,
});
pool.on("error", () => undefined);

const observability = createObservability({
  database: pool,
  config: resolveConfig({ worker: { worker_id: "orders-1", namespaces: ["orders"] } }),
  templates: {
    source: createYamlFolderSource({ patterns: process.env.TEMPLATES ?? "config/tasks/**/*.yaml" }),
  },
});

console.log("ready:", await observability.ready());
console.log("environment:", await observability.environment());
console.log("templates:", (await observability.templatesList()).template_count);
console.log(
  (await observability.prometheusMetrics())
    .split("\n")
    .find((line) => line.startsWith("tasker_worker_health_status")),
);

await observability.close();
await pool.end();
