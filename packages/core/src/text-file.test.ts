import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTextFile } from "./text-file.js";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "text-file-"))));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: string | Uint8Array): string {
  const path = join(folder, "file");
  writeFileSync(path, content);
  return path;
}

describe("a text file", () => {
  it("is read up to its limit, in bytes", () => {
    expect(readTextFile(fileOf("häl\n"), 5)).toEqual({ text: "häl\n", problem: null });
    expect(readTextFile(fileOf("häl\n"), 4)).toEqual({ text: null, problem: "is larger than 4 bytes" });
    expect(readTextFile(fileOf(""), 4)).toEqual({ text: "", problem: null });
  });

  it("that is none says why", () => {
    expect(readTextFile(fileOf(new Uint8Array([0xff])), 9).problem).toBe("is not UTF-8 text");
    expect(readTextFile(join(folder, "nowhere"), 9).problem).toBe("cannot be read (ENOENT)");
    expect(readTextFile("a\0b", 9).problem).toBe("cannot be read (ERR_INVALID_ARG_VALUE)");
    expect(readTextFile(folder, 9).problem).toBe("is a folder, where a file is expected");
  });

  it.skipIf(process.platform === "win32")("is no device and no pipe: neither may end", () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const path of ["/dev/zero", pipe]) expect(readTextFile(path, 9).problem).toBe("is no regular file");
  });

  it.skipIf(process.platform !== "linux")("of /proc, whose size is 0, is read to its end and no further than the limit", () => {
    expect(readTextFile("/proc/self/comm", 100).text).toMatch(/\S\n$/);
    expect(readTextFile("/proc/self/maps", 100).problem).toBe("is larger than 100 bytes");
  });
});
