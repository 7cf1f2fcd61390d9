import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { compileFunction } from "node:vm";
import { createTestDatabase, startTcpProxy, withOptionTables } from "@tasker-observability/testkit";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { healthServiceOptionsSchema } from "./health-options.js";
import * as health from "./index.js";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const [example = ""] = blocksOf("js");
const [printed, printedWithoutDatabase] = blocksOf("text");

function blocksOf(language: string): string[] {
  return Array.from(
    readme.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "gs")),
    ([, block = ""]) => block,
  );
}

/** Runs the example as it stands, but for its imports, and returns what it prints. */
async function runExample(databaseUrl: string): Promise<string> {
  const modules: Record<string, unknown> = {
    "@tasker-observability/health": health,
    pg: { default: pg },
  };
  const body = example
    .replace(/^import (\w+) from (.+);$/gm, "const { default: $1 } = modules[$2];")
    .replace(/^import (\{.+\}) from (.+);$/gm, "const $1 = modules[$2];");
  const lines: string[] = [];
  const print = (...words: unknown[]): unknown => lines.push(words.map(String).join(" "));
  const run = compileFunction(`return (async () => {${body}})();`, [
    "modules",
    "process",
    "console",
  ]) as (...values: unknown[]) => Promise<void>;
  await run(modules, { env: { DATABASE_URL: databaseUrl } }, { log: print });
  return `${lines.join("\n")}\n`;
}

describe("the README's example", () => {
  it("prints what it says", async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const proxy = await startTcpProxy(database.url);
    onTestFinished(() => proxy.close());
    expect(await runExample(proxy.url(database.url))).toBe(printed);
    await proxy.cut();
    expect(await runExample(proxy.url(database.url))).toBe(printedWithoutDatabase);
  });

  it("is ten lines of code at most", () => {
    expect(
      example.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("import "))
        .length,
    ).toBeLessThanOrEqual(10);
  });
});

it("shows the options that the schema has (npm run generate writes the table)", async () => {
  const here = new URL(".", import.meta.url);
  const checks = readdirSync(new URL("checks", here)).filter((file) =>
    /^.*-checks?\.ts$/.test(file),
  );
  const sources = ["health-options.ts", ...checks.map((file) => `checks/${file}`)];
  const tables = {
    createHealthService: {
      schema: healthServiceOptionsSchema,
      sources: sources.map((file) => new URL(file, here)),
    },
  };
  await expect(withOptionTables(readme, tables)).toMatchFileSnapshot("../README.md");
});
