import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const remark = `${root}node_modules/remark-cli/cli.js`;

/** What `npm run lint` says of a text that stands in this file. */
function lint(file: string, text: string): { readonly passes: boolean; readonly report: string } {
  const { status, stderr } = spawnSync(
    process.execPath,
    [remark, "--quiet", "--frail", "--no-color", "--file-path", file],
    { cwd: root, input: text, encoding: "utf8" },
  );
  return { passes: status === 0, report: stderr };
}

const words = (count: number) => `${"word ".repeat(count - 1)}end.\n`;
const changeset = (text: string) => `---\n"@tasker-observability/core": patch\n---\n\n${text}\n`;

describe("The lint of prose", () => {
  it("rejects a paragraph of more than 80 words, and names the line", () => {
    expect(lint("docs/page.md", words(80)).passes).toBe(true);
    expect(lint("docs/page.md", `# Page\n\n- ${words(81)}`)).toMatchObject({
      passes: false,
      report: expect.stringMatching(/^3:.*Words of a paragraph: 81 where 80 are allowed/m),
    });
  });

  it("leaves tables and code alone", () => {
    const table = `| a |\n| --- |\n| ${words(90).trim()} |\n`;
    expect(lint("docs/page.md", `${table}\n\`\`\`\n${words(90)}\`\`\`\n`).passes).toBe(true);
  });

  it("rejects a changeset of more than two sentences", () => {
    const two = "`a.b` is gone. Use version 1.5 of `c`.";
    expect(lint(".changeset/some-name.md", changeset(two)).passes).toBe(true);
    const { passes, report } = lint(".changeset/some-name.md", changeset(`${two} It is new.`));
    expect(passes).toBe(false);
    expect(report).toContain("Sentences of a changeset: 3 where 2 are allowed");
  });

  it("rejects a package's README of more than 60 lines, tables aside", () => {
    const lines = (count: number) => "text\n\n".repeat(count / 2);
    const table = `| a |\n| --- |\n${"| b |\n".repeat(80)}`;
    expect(lint("packages/core/README.md", lines(56) + table).passes).toBe(true);
    const { passes, report } = lint("packages/core/README.md", lines(64) + table);
    expect(passes).toBe(false);
    expect(report).toContain("Lines of a package's README");
  });
});
