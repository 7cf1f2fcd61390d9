import { readFile } from "node:fs/promises";
import { withOptionTables } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { observabilityOptionsSchema } from "./observability.js";

it("the README shows the options that the schema has (npm run generate writes the table)", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const sources = [new URL("./observability.ts", import.meta.url)];
  const tables = { createObservability: { schema: observabilityOptionsSchema, sources } };
  await expect(withOptionTables(readme, tables)).toMatchFileSnapshot("../README.md");
});
