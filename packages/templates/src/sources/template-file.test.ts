import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, templateText } from "../testing/templates.js";
import { defaultYamlLimits } from "../yaml/yaml-limits.js";
import { parseTemplateFile, readTemplateFile, type TemplateFile } from "./template-file.js";

const registeredAt = "2025-01-01T00:00:00.000Z";
const ok = templateText("steps: []");

function parsed(text: string): TemplateFile {
  return parseTemplateFile("a.yaml", text, { limits: defaultYamlLimits, registeredAt });
}

async function read(
  folder: string,
  path: string,
  maxBytes = defaultYamlLimits.maxBytes,
): Promise<readonly string[]> {
  const file = await readTemplateFile(path, {
    absolutePath: join(folder, path),
    limits: { ...defaultYamlLimits, maxBytes },
    registeredAt,
  });
  return [
    ...file.templates.map(({ template }) => template.identity.name),
    ...file.problems.map(({ problem }) => problem.code),
  ];
}

describe("a template file", () => {
  it("may contain several templates, of which the broken ones are findings", () => {
    const file = parsed(
      `${ok}---\nname: [\n---\njust text\n---\n${templateText("steps: []", { namespace: "orders", name: "import", version: "1.0.0" })}`,
    );
    expect(file.templates.map(({ template }) => template.identity.name)).toEqual([
      "refund",
      "import",
    ]);
    expect(new Set(file.problems.map(({ problem }) => problem.code))).toEqual(
      new Set(["yaml_syntax", "not_a_template"]),
    );
  });

  it("has the place of each problem, even if a path names it", () => {
    const file = parsed(
      `${ok.trim()}\ntimeout: 1\ntimeout: 2\n---\nname: a\nnamespace_name: b\nversion: [1.0]\nsteps:\n  - name: c\n`,
    );
    expect(
      file.problems.map(
        ({ problem, position }) => `${problem.code} ${position.line}:${position.column}`,
      ),
    ).toEqual(["duplicate_key 6:1", "not_a_template 10:1", "invalid_shape 12:5"]);
  });

  it("keeps a template that has errors, with them, so that it can be asked about", () => {
    const file = parsed(
      templateText("steps: [{ name: a, handler: { callable: h }, __proto__: {} }]"),
    );
    expect(file.templates.map(({ template }) => template.problems.map(({ code }) => code))).toEqual(
      [["proto_key"]],
    );
  });

  it.each(["", "# later\n", "---\n", "\n---\n# a\n...\n"])(
    "that contains nothing is a finding at its beginning: %j",
    (text) => {
      expect(parsed(text).problems).toMatchObject([
        { problem: { severity: "error", code: "empty_file" }, position: { line: 1, column: 1 } },
      ]);
    },
  );

  it("does not fill the log", () => {
    const { problems } = parsed("- text\n---\n".repeat(1_000));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.problem).toMatchObject({
      code: "more_problems",
      message: "900 more problems from here on.",
    });
  });

  it("is read with a byte order mark, but not if it is not UTF-8", async () => {
    const folder = await folderWith({ "bom.yaml": `\uFEFF${ok}` });
    const { writeFile } = await import("node:fs/promises");
    await writeFile(join(folder, "latin.yaml"), Buffer.from("name: \xe9", "latin1"));
    expect(await read(folder, "bom.yaml")).toEqual(["refund"]);
    expect(await read(folder, "latin.yaml")).toEqual(["unreadable_file"]);
  });

  it("is not read if it is too large", async () => {
    const folder = await folderWith({ "a.yaml": ok });
    expect(await read(folder, "a.yaml", ok.length)).toEqual(["refund"]);
    expect(await read(folder, "a.yaml", ok.length - 1)).toEqual(["file_too_large"]);
  });

  it("is a finding if it has gone, is a folder, or is a pipe with no writer", async () => {
    const folder = await folderWith({ "folder.yaml/a.txt": "" });
    execFileSync("mkfifo", [join(folder, "pipe.yaml")]);
    expect(await read(folder, "gone.yaml")).toEqual(["unreadable_file"]);
    expect(await read(folder, "folder.yaml")).toEqual(["unreadable_file"]);
    expect(await read(folder, "pipe.yaml")).toEqual(["unreadable_file"]);
  });
});
