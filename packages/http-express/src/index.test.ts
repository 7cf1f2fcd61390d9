import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

describe("the package", () => {
  it("loads neither express nor any service when it is imported", () => {
    const sources = readdirSync(import.meta.dirname).filter(
      (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
    );
    const imports = sources.flatMap(
      (name) =>
        readFileSync(`${import.meta.dirname}/${name}`, "utf8").match(
          /^(?:import|export) (?!type ).*? from "[^"]+"/gms,
        ) ?? [],
    );
    const modules = new Set(
      imports
        .map((statement) => statement.split('"')[1])
        .filter((module) => module?.startsWith(".") === false),
    );
    expect([...modules].sort()).toEqual([
      "@tasker-observability/core",
      "@tasker-observability/core/options",
      "negotiator",
      "node:crypto",
      "node:http",
      "zod",
    ]);
  });
});
