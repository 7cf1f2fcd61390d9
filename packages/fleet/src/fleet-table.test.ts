import { systemClock } from "@tasker-observability/core";
import { fromPgPool } from "@tasker-observability/postgres";
import { startOwnServer } from "@tasker-observability/testkit";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { createFleetStore } from "./index.js";
import { reportOf } from "./testing/report-of.js";

// A server of its own: a transaction that is open in any of its databases keeps old versions of rows.
it("the table of the fleet stays small: reports leave nothing behind that grows", async () => {
  const server = await startOwnServer();
  onTestFinished(() => server.close());
  const pool = new pg.Pool({ connectionString: server.url, max: 1 });
  pool.on("error", () => undefined);
  onTestFinished(() => pool.end());
  const store = createFleetStore({ client: fromPgPool(pool), clock: systemClock });
  await store.prepare();
  for (let report = 0; report < 1_000; report += 1)
    await store.report(reportOf("a", { steps_per_second: report }));
  const { rows } = await pool.query<{ size: string }>(
    "select pg_relation_size('tasker_observability.fleet') as size",
  );
  // Three pages; all versions of the row would take a hundred times as many.
  expect(Number(rows[0]?.size)).toBeLessThanOrEqual(3 * 8_192);
});
