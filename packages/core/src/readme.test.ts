import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { portNames } from "./ports.js";

it("the README's table says who fills each port", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, table = ""] = readme.split("| port of `createWorkerContext({ ports })` |");
  const named = table.match(/^\| `.*?` \|/gm)?.flatMap((cell) => cell.match(/\w+/g) ?? []);
  expect(named).toEqual(portNames);
});
