import { execFileSync } from "node:child_process";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith } from "../testing/templates.js";
import { anyFolderExists, findFiles, findUnmatched } from "./find-files.js";

describe("finding files", () => {
  it("follows the patterns of search paths, sorted, each file once", async () => {
    const cwd = await folderWith({
      "config/tasks/b.yml": "",
      "config/tasks/a.yaml": "",
      "config/tasks/deep/er/c.yaml": "",
      "config/tasks/notes.txt": "",
      "other.yaml": "",
    });
    const all = ["config/tasks/a.yaml", "config/tasks/b.yml", "config/tasks/deep/er/c.yaml"];
    expect(await findFiles(["config/tasks/**/*.{yml,yaml}", "config/**/*.yaml"], cwd)).toEqual(all);
    expect(await findFiles([join(cwd, "config/tasks/*.yaml")], cwd)).toEqual([
      "config/tasks/a.yaml",
    ]);
    expect(await findFiles(["config/tasks/**/*.{yml,yaml}", "!**/er/**"], cwd)).toEqual(
      all.slice(0, 2),
    );
    for (const folder of ["config/tasks", ".", cwd, `${cwd}/`])
      expect(await findFiles([folder], cwd)).toEqual([]);
  });

  it("follows links, as mounted configuration has them, once", async () => {
    const cwd = await folderWith({ "..2025_01_01/a.yaml": "" });
    await symlink("..2025_01_01", join(cwd, "..data"));
    await symlink("..data/a.yaml", join(cwd, "a.yaml"));
    await symlink(".", join(cwd, "loop"));
    expect(await findFiles(["*.yaml"], cwd)).toEqual(["a.yaml"]);
  });

  it("finds what is named like a template and is not a file, so that it can be reported", async () => {
    const cwd = await folderWith({
      "tasks/a.yaml": "",
      "tasks/b.yaml/c.txt": "",
      "tasks/more/d.yml": "",
    });
    execFileSync("mkfifo", [join(cwd, "tasks/pipe.yaml")]);
    expect(await findFiles(["tasks/**/*"], cwd)).toEqual([
      "tasks/a.yaml",
      "tasks/b.yaml",
      "tasks/b.yaml/c.txt",
      "tasks/more/d.yml",
      "tasks/pipe.yaml",
    ]);
    expect(await findFiles(["tasks/*.yaml", "!tasks/pipe.*"], cwd)).toEqual([
      "tasks/a.yaml",
      "tasks/b.yaml",
    ]);
  });

  it("survives a folder that links to itself", async () => {
    const cwd = await folderWith({ "tasks/a.yaml": "" });
    await symlink(".", join(cwd, "tasks/loop"));
    expect(await findFiles(["tasks/**/*.yaml"], cwd)).toEqual(["tasks/a.yaml"]);
  });

  it("has a file of a folder that links lead to as well once, by its own path", async () => {
    const cwd = await folderWith({ "a/a.yaml": "", "b/x.yaml": "" });
    await symlink("../b", join(cwd, "a/loop"));
    await symlink("../b", join(cwd, "a/zoo"));
    expect(await findFiles(["**/*.yaml"], cwd)).toEqual(["a/a.yaml", "b/x.yaml"]);
    expect(await findFiles(["a/**/*.yaml"], cwd)).toEqual(["a/a.yaml", "a/loop/x.yaml"]);
  });
});

describe("patterns without a file", () => {
  it("are named, and no others", async () => {
    const cwd = await folderWith({ "a.yaml": "", "b/c.yaml": "" });
    const patterns = [
      "*.yaml",
      "a.yaml",
      join(cwd, "b/c.yaml"),
      "*.yml",
      "b/missing.yaml",
      "b",
      "b/*.yaml",
      "!b/c.yaml",
    ];
    expect(await findUnmatched(patterns, ["a.yaml", "b/c.yaml"], cwd)).toEqual([
      "*.yml",
      "b/missing.yaml",
      "b",
      "b/*.yaml",
    ]);
  });
});

describe("the folders that patterns search", () => {
  it("are there, or not", async () => {
    const cwd = await folderWith({ "config/tasks/a.yaml": "" });
    expect(await anyFolderExists(["config/tasks/**/*.{yml,yaml}"], cwd)).toBe(true);
    expect(await anyFolderExists(["missing/**/*.yaml", "config/*.yaml"], cwd)).toBe(true);
    expect(await anyFolderExists(["missing/*.yaml", "!config/x"], cwd)).toBe(false);
    expect(await anyFolderExists(["a.yaml", join(cwd, "config/tasks/a.yaml")], cwd)).toBe(true);
  });

  it("are an error if they cannot be read", async () => {
    const cwd = await folderWith({ "file.txt": "" });
    await expect(anyFolderExists(["file.txt/tasks/*.yaml"], cwd)).rejects.toMatchObject({
      code: "ENOTDIR",
    });
  });
});
