import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { withOptionTables } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { workServiceOptionsSchema } from "./work-service.js";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));

it("the README shows the options that the schema has (npm run generate writes the table)", async () => {
  const readme = await readFile(`${packageFolder}README.md`, "utf8");
  const sources = [new URL("./work-service.ts", import.meta.url)];
  const tables = { createWorkService: { schema: workServiceOptionsSchema, sources } };
  await expect(withOptionTables(readme, tables)).toMatchFileSnapshot("../README.md");
});
