import { chmod, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@tasker-observability/core";
import { describe, expect, it, vi } from "vitest";
import { fixtures, folderWith, refund, templateText, writeFileIn } from "../testing/templates.js";
import { createYamlFolderSource } from "./yaml-folder-source.js";

const signal = new AbortController().signal;
const other = { namespace: "payments", name: "other", version: "1.0.0" };
const text = (description: string, identity = refund): string =>
  templateText(`description: ${description}\nsteps: []`, identity);

describe("a folder of YAML files", () => {
  it("is read by load(), which reports what it found", async () => {
    const source = createYamlFolderSource({ patterns: "*.{yml,yaml}", cwd: fixtures });
    expect(await source.load()).toEqual({
      file_count: 2,
      template_count: 3,
      namespaces: ["orders", "payments"],
      findings: [],
    });
  });

  it("is read by the first call if it was not loaded before", async () => {
    const source = createYamlFolderSource({ patterns: ["*.yaml"], cwd: fixtures });
    expect(await source.find(refund, signal)).toMatchObject({
      identity: refund,
      definition: { name: "refund" },
      problems: [],
    });
    expect(await source.namespaces(signal)).toEqual(["payments"]);
  });

  it("loads the siblings of a broken file, which is a finding and a line in the log", async () => {
    const cwd = await folderWith({
      "bad.yaml": "name: [",
      "good.yaml": text("works"),
      "worse.yaml": text("works", other).replace("steps: []", "steps: 5"),
    });
    const logger = vi.fn();
    const source = createYamlFolderSource({ patterns: "*.yaml", cwd, logger });
    const { template_count, findings } = await source.load();
    expect(template_count).toBe(2);
    expect(findings.map(({ file, line, code }) => `${file}:${line} ${code}`)).toEqual(
      expect.arrayContaining(["bad.yaml:1 yaml_syntax", "worse.yaml:5 invalid_shape"]),
    );
    expect(logger).toHaveBeenCalledTimes(findings.length);
    expect(logger).toHaveBeenCalledWith(
      "error",
      expect.stringContaining("template file"),
      expect.objectContaining({ file: "worse.yaml", line: 5 }),
    );
    await source.load();
    expect(logger).toHaveBeenCalledTimes(findings.length);
  });

  it("is empty, not broken, if it does not exist yet", async () => {
    const cwd = await folderWith({});
    expect(
      await createYamlFolderSource({ patterns: "config/tasks/**/*.yaml", cwd }).load(),
    ).toMatchObject({ file_count: 0, template_count: 0 });
  });

  it("says once, at its start, which patterns match no file", async () => {
    const cwd = await folderWith({ "a.yaml": text("works") });
    const logger = vi.fn<Logger>();
    const source = createYamlFolderSource({
      patterns: ["*.yaml", "config/tsaks/**/*.yaml", "*.yml", "!b.yaml"],
      cwd,
      logger,
    });
    await source.load();
    await source.load();
    expect(
      logger.mock.calls.map(
        ([level, message, fields]) => `${level} ${message.slice(0, 15)} ${JSON.stringify(fields)}`,
      ),
    ).toEqual([
      'warn no file matches {"pattern":"config/tsaks/**/*.yaml"}',
      'warn no file matches {"pattern":"*.yml"}',
    ]);
  });

  it("rejects if it is gone, and keeps earlier results", async () => {
    const cwd = await folderWith({ "tasks/a.yaml": text("kept") });
    const source = createYamlFolderSource({ patterns: "tasks/*.yaml", cwd });
    await source.load();
    await rm(join(cwd, "tasks"), { recursive: true });
    await expect(source.load()).rejects.toThrow("no longer exists");
    await expect(source.refetch(refund, signal)).rejects.toThrow("no longer exists");
    expect(await source.find(refund, signal)).toMatchObject({
      definition: { description: "kept" },
    });
  });

  it("can be empty again once its files are removed one by one", async () => {
    const cwd = await folderWith({ "a.yaml": text("short-lived") });
    const source = createYamlFolderSource({ patterns: "*.yaml", cwd });
    await source.load();
    await rm(join(cwd, "a.yaml"));
    expect(await source.refetch(refund, signal)).toBeNull();
  });

  it.skipIf(process.getuid?.() === 0)("rejects if it may not be read", async () => {
    const cwd = await folderWith({ "tasks/a.yaml": text("hidden") });
    await chmod(join(cwd, "tasks"), 0);
    await expect(
      createYamlFolderSource({ patterns: "tasks/*.yaml", cwd }).load(),
    ).rejects.toMatchObject({ code: "EACCES" });
  });
});

describe("refetching a template", () => {
  it("reads its file again, even if the file looks unchanged", async () => {
    const cwd = await folderWith({ "a.yaml": text("first_") });
    const source = createYamlFolderSource({ patterns: "*.yaml", cwd });
    const before = new Date(2025, 0, 1);
    await utimes(join(cwd, "a.yaml"), before, before);
    await source.load();
    const read = await source.find(refund, signal);
    expect(await source.refetch(refund, signal)).not.toBe(read);
    await writeFile(join(cwd, "a.yaml"), text("second"));
    await utimes(join(cwd, "a.yaml"), before, before);
    expect(await source.refetch(refund, signal)).toMatchObject({
      definition: { description: "second" },
    });
    expect(await source.find(refund, signal)).toMatchObject({
      definition: { description: "second" },
    });
  });

  it("finds a template that a new file brought", async () => {
    const cwd = await folderWith({ "a.yaml": text("old") });
    const source = createYamlFolderSource({ patterns: "*.yaml", cwd });
    await source.load();
    await writeFileIn(cwd, "b.yaml", text("new", other));
    expect(await source.find(other, signal)).toBeNull();
    expect(await source.refetch(other, signal)).toMatchObject({
      definition: { description: "new" },
    });
  });

  it.each([
    ["broken YAML", "name: ["],
    ["nothing in it", ""],
    ["only a comment in it", "# soon\n"],
    ["the wrong shape", templateText("steps: 5")],
  ])("rejects if its file has %s now, and the version before stays", async (_, broken) => {
    const cwd = await folderWith({ "a.yaml": text("good") });
    const source = createYamlFolderSource({ patterns: "*.yaml", cwd });
    await source.load();
    await writeFile(join(cwd, "a.yaml"), broken);
    await expect(source.refetch(refund, signal)).rejects.toMatchObject({
      code: "TEMPLATE_SOURCE_UNAVAILABLE",
      message: expect.stringContaining("has errors now"),
    });
    expect(await source.find(refund, signal)).toMatchObject({
      definition: { description: "good" },
    });
    expect((await source.load()).findings).not.toEqual([]);
    await writeFile(join(cwd, "a.yaml"), text("repaired"));
    expect(await source.refetch(refund, signal)).toMatchObject({
      definition: { description: "repaired" },
    });
  });

  it("follows a file that has had errors ever since it was read first", async () => {
    const cwd = await folderWith({ "a.yaml": templateText("description: first\nsteps: 5") });
    const source = createYamlFolderSource({ patterns: "*.yaml", cwd });
    await source.load();
    await writeFile(join(cwd, "a.yaml"), templateText("description: second\nsteps: 5"));
    expect(await source.refetch(refund, signal)).toMatchObject({
      definition: { description: "second" },
    });
  });

  it("does not parse again what did not change", async () => {
    const cwd = await folderWith({ "a.yaml": text("same"), "b.yaml": text("same", other) });
    const source = createYamlFolderSource({ patterns: "*.yaml", cwd });
    await source.load();
    const before = await source.find(other, signal);
    await source.refetch(refund, signal);
    expect(await source.find(other, signal)).toBe(before);
  });
});
