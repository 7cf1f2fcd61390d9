import { readFileSync } from "node:fs";
import { withOptionTables } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { embeddedPostgresOptionsSchema } from "./embedded-postgres-options.js";

it("the README shows the options that the schema has (npm run generate writes the table)", async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const sources = [new URL("./embedded-postgres-options.ts", import.meta.url)];
  const tables = { startEmbeddedPostgres: { schema: embeddedPostgresOptionsSchema, sources } };
  await expect(withOptionTables(readme, tables)).toMatchFileSnapshot("../README.md");
});
