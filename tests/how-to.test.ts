import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { read, root, useSnippets } from "../packages/ffi-bridge/src/testing/snippets.js";

const { printed, run } = useSnippets();
/** The pages with a program, and what each says that it prints. */
const pages = readdirSync(`${root}/docs/how-to`)
  .map((name) => ({ name, text: read(`docs/how-to/${name}`) }))
  .map(({ name, text }) => ({ name, code: blockOf(text, "js"), output: blockOf(text, "text") }))
  .filter(({ code }) => code !== null);

function blockOf(text: string, language: string): string | null {
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "m").exec(text)?.[1] ?? null;
}

describe("the how-to pages", () => {
  it("have programs for checks and metrics of one's own", () => {
    expect(pages.map(({ name }) => name)).toEqual(["own-checks.md", "own-metrics.md"]);
  });

  it.each(pages)("$name prints what it says", async ({ code, output }) => {
    await run(code ?? "");
    expect(`${printed().join("\n")}\n`).toBe(output);
  });
});
