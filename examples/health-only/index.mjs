import { createHealthService } from "@tasker-observability/health";
import pg from "pg";

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  connectionTimeoutMillis: 2_000,
});
pool.on("error", () => undefined);

const health = createHealthService({ database: pool });
const { status, checks } = await health.readiness();
console.log(`${status}: ${checks.database.status} ${checks.database.message}`);
process.exitCode = status === "healthy" ? 0 : 1;

health.close();
await pool.end();
