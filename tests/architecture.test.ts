import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url);
const page = readFileSync(new URL("docs/architecture.md", root), "utf8");

type Imports = Readonly<Record<string, readonly string[]>>;
const { layers, workerFolders } = (await import(new URL("eslint.config.js", root).href)) as {
  readonly layers: Imports;
  readonly workerFolders: Imports;
};

/** The first and the last column of a section's table. */
function tableOf(section: string): Imports {
  const text = page.split(/^## /m).find((part) => part.startsWith(section)) ?? "";
  const rows = text.matchAll(/^\| `([\w-]+)` \|.*\| (.*) \|$/gm);
  return Object.fromEntries(
    Array.from(rows, ([, name = "", allowed = ""]) => [name, importsOf(name, allowed)]),
  );
}

function importsOf(name: string, cell: string): readonly string[] {
  const named = Array.from(cell.matchAll(/`([^`]+)`/g), ([, allowed = ""]) => allowed);
  if (!cell.startsWith("all of them but")) return named.sort();
  return Object.keys(layers)
    .filter((other) => other !== name && !named.includes(other))
    .sort();
}

const sorted = (imports: Imports) =>
  Object.fromEntries(Object.entries(imports).map(([name, allowed]) => [name, [...allowed].sort()]));

describe("docs/architecture.md", () => {
  it("has the import rules that the lint enforces", () => {
    expect(tableOf("Who may import whom")).toEqual(sorted(layers));
  });

  it("has the folders of the worker as the lint enforces them", () => {
    expect(tableOf("The folders of the worker")).toEqual(sorted(workerFolders));
  });
});
