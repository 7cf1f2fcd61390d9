import { readFileSync } from "node:fs";
import { compileFunction } from "node:vm";
import { describe, expect, it } from "vitest";
import * as metrics from "./index.js";

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

  it("names every option of the service and of the push, and no other", () => {
    const options: Required<{ [Name in keyof metrics.MetricsServiceOptions]: true }> = {
      cacheTtlMs: true,
      collectorTimeoutMs: true,
      context: true,
      health: true,
      maxLabelValues: true,
      nodeMetrics: true,
      registry: true,
      templateCache: true,
    };
    expect(Array.from(readme.matchAll(/^\| `(\w+)` \|/gm), ([, name]) => name).sort()).toEqual(
      Object.keys(options),
    );
    const pushOptions: Required<{ [Name in keyof metrics.PushMetricsOptions]: true }> = {
      groupings: true,
      intervalMs: true,
      jobName: true,
      service: true,
      timeoutMs: true,
      url: true,
    };
    const named = /`pushMetrics\(\{ (.*?) \}\)`/
      .exec(readme)?.[1]
      ?.replace("{ instance: workerId }", "x")
      .split(", ");
    expect(named?.map((option) => /^\w+/.exec(option)?.[0]).sort()).toEqual(
      Object.keys(pushOptions),
    );
  });
});
