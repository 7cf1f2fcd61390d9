import { readFileSync } from "node:fs";
import { format } from "node:util";
import { withOptionTables } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import * as config from "./index.js";
import { loadConfigOptionsSchema } from "./load-config-options.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const blockOf = (language: string): string =>
  new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(readme)?.[1] ?? "";

it("prints what the README says", async () => {
  const lines: string[] = [];
  const print = (...words: unknown[]): number => lines.push(format(...words));
  const body = blockOf("js").replace(/^import (\{.+\}) from .+;$/m, "const $1 = exported;");
  const run = Object.getPrototypeOf(async () => undefined).constructor as new (
    ...texts: string[]
  ) => (...values: unknown[]) => Promise<void>;
  await new run("exported", "console", body)(config, { log: print });
  expect(`${lines.join("\n")}\n`).toBe(blockOf("text"));
});

it("shows the options that the schema has (npm run generate writes the table)", async () => {
  const sources = [new URL("load-config-options.ts", import.meta.url)];
  const tables = { loadConfig: { schema: loadConfigOptionsSchema, sources } };
  await expect(withOptionTables(readme, tables)).toMatchFileSnapshot("../README.md");
});
