import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { publicEntries } from "../scripts/public-entries.mjs";

const program = `
  const names = [];
  for (const entry of process.argv.slice(1))
    for (const [name, value] of Object.entries(await import(entry)))
      if (typeof value === "function" && value.prototype instanceof Error) names.push([name, value.name]);
  console.log(JSON.stringify(names));
`;

it.each(["js", "cjs"])(
  "Node prints an error of the built packages (.%s) under the name by which it is exported",
  (extension) => {
    const entries = publicEntries()
      .filter(({ isPrivate }) => !isPrivate)
      .map(({ source }) => source.replace("/src/", "/dist/").replace(/ts$/, extension));
    const output = execFileSync(
      process.execPath,
      ["--input-type=module", "--eval", program, "--", ...entries],
      { encoding: "utf8" },
    );
    const names = JSON.parse(output) as readonly (readonly [exported: string, printed: string])[];
    expect(names.map(([exported]) => exported)).toContain("ObservabilityError");
    expect(names.filter(([exported, printed]) => printed !== exported)).toEqual([]);
  },
);
