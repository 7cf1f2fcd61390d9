import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { withOptionTables } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { stepProducerOptionsSchema } from "./step-producer.js";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));

it("the README shows the options that the schema has (npm run generate writes the table)", async () => {
  const readme = await readFile(`${packageFolder}README.md`, "utf8");
  const sources = [new URL("./step-producer.ts", import.meta.url)];
  const tables = { createStepProducer: { schema: stepProducerOptionsSchema, sources } };
  await expect(withOptionTables(readme, tables)).toMatchFileSnapshot("../README.md");
});
