import { createObservability } from "@tasker-observability/ffi-bridge";
import { createObservabilityRouter } from "@tasker-observability/http-express";
import express from "express";
import pg from "pg";

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  connectionTimeoutMillis: 2_000,
});
pool.on("error", () => undefined);
const observability = createObservability({ database: pool });

const app = express();
app.get("/orders", (_request, response) => void response.json([]));
app.use("/internal", createObservabilityRouter(observability.operations));

export const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/internal/health/ready`);
});

export async function stop() {
  server.close();
  await observability.close();
  await pool.end();
}
process.once("SIGTERM", stop);
