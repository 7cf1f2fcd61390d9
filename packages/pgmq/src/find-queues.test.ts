import { createTestDatabase, withClient } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import type { SqlStatement } from "@tasker-observability/postgres";
import { findQueues } from "./find-queues.js";

it("looks a queue up by an index of the catalog, so that the cost does not grow with the number of tables", async () => {
  const database = await createTestDatabase({ pgmq: true });
  const asked: SqlStatement[] = [];
  const connection = { query: async (statement: SqlStatement) => (asked.push(statement), []) };
  await findQueues(connection, [{ namespace: "orders", queue_name: "orders" }], "find", 1_001);
  const plan = await withClient(database.url, async (client) => {
    await client.query("select pgmq.create('orders')");
    await client.query(
      "do $$ begin for n in 1..2000 loop execute 'create table another_' || n || ' ()'; end loop; end $$",
    );
    await client.query("analyze pg_class");
    const { rows } = await client.query<{ "QUERY PLAN": string }>(
      `explain ${asked[0]!.text.replace("$1", `'["orders"]'`)}`,
    );
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  });
  await database.drop();
  expect(plan).toContain("pg_class_relname_nsp_index");
  expect(plan).not.toContain("Seq Scan on pg_class");
});
