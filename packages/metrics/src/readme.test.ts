import { readFileSync } from "node:fs";
import { compileFunction } from "node:vm";
import { withOptionTables } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import * as metrics from "./index.js";
import { pushMetricsOptionsSchema } from "./push/push-options.js";
import { metricsServiceOptionsSchema } from "./service-options.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

function blockOf(language: string): string {
  const block = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(readme)?.[1];
  if (block === undefined) throw new Error(`The README has no ${language} block.`);
  return block;
}

/** Runs the example as it stands, but for its import, and returns what it prints. */
async function runExample(example: string): Promise<string> {
  const lines: unknown[] = [];
  const body = example.replace(/^import (\{.+\}) from ".+";$/m, "const $1 = imported;");
  const run = compileFunction(`return (async () => {${body}})();`, ["imported", "console"]) as (
    ...values: unknown[]
  ) => Promise<void>;
  await run(metrics, { log: (line: unknown) => lines.push(line) });
  return `${lines.join("\n")}\n`;
}

describe("the README", () => {
  it("has an example that prints what it says, in ten lines of code at most", async () => {
    const example = blockOf("js");
    expect(await runExample(example)).toBe(blockOf("text"));
    expect(
      example.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("import "))
        .length,
    ).toBeLessThanOrEqual(10);
  });

  it("shows the options that the schemas have (npm run generate writes the tables)", async () => {
    const sourceOf = (name: string): URL => new URL(name, import.meta.url);
    const tables = {
      createMetricsService: {
        schema: metricsServiceOptionsSchema,
        sources: [sourceOf("./service-options.ts")],
      },
      pushMetrics: {
        schema: pushMetricsOptionsSchema,
        sources: [sourceOf("./push/push-options.ts")],
      },
    };
    await expect(withOptionTables(readme, tables)).toMatchFileSnapshot("../README.md");
  });
});
