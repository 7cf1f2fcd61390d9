import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { withOptionTables } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { joinFleetOptionsSchema } from "./join-fleet.js";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));

it("the README shows the options that the schema has (npm run generate writes the table)", async () => {
  const readme = await readFile(`${packageFolder}README.md`, "utf8");
  const sources = [new URL("./join-fleet.ts", import.meta.url)];
  const tables = { joinFleet: { schema: joinFleetOptionsSchema, sources } };
  await expect(withOptionTables(readme, tables)).toMatchFileSnapshot("../README.md");
});
