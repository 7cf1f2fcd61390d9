import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@tasker-observability/core";
import { describe, expect, it, vi } from "vitest";
import { folderWith, refund, templateText } from "../testing/templates.js";
import { createYamlFolderSource } from "./yaml-folder-source.js";

const text = templateText("steps: []");
const textOf = (name: string): string => templateText("steps: []", { ...refund, name });

async function loaded(files: Readonly<Record<string, string>>) {
  const cwd = await folderWith(files);
  const logger = vi.fn<Logger>();
  const source = createYamlFolderSource({ patterns: "*.yaml", cwd, logger });
  await source.load();
  return { cwd, logger, source };
}

describe("the log of a folder", () => {
  it("names the file that went, and the template that went with it, once", async () => {
    const { cwd, logger, source } = await loaded({ "a.yaml": text, "b.yaml": textOf("other") });
    await rm(join(cwd, "a.yaml"));
    await source.load();
    await source.load();
    expect(logger).toHaveBeenCalledExactlyOnceWith(
      "info",
      expect.stringContaining("no longer served"),
      { file: "a.yaml", count: 1, templates: ["payments/refund 1.0.0"] },
    );
  });

  it("names what an edit took out of a file, the first few of many", async () => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const { cwd, logger, source } = await loaded({ "a.yaml": names.map(textOf).join("---\n") });
    await writeFile(join(cwd, "a.yaml"), textOf("g"));
    await source.load();
    expect(logger).toHaveBeenCalledExactlyOnceWith("info", expect.any(String), {
      file: "a.yaml",
      count: 6,
      templates: names.slice(0, 5).map((name) => `payments/${name} 1.0.0`),
    });
  });

  it("does not log a file that was only renamed, nor one that broke", async () => {
    const { cwd, logger, source } = await loaded({ "a.yaml": text, "b.yaml": textOf("other") });
    await rename(join(cwd, "a.yaml"), join(cwd, "c.yaml"));
    await writeFile(join(cwd, "b.yaml"), "");
    await source.load();
    expect(logger.mock.calls.map(([level]) => level)).toEqual(["error"]);
  });
});
