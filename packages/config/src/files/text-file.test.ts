import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createRequire } from "node:module";
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
    expect(readTextFile(fileOf("häl\n"), 4)).toEqual({
      text: null,
      problem: "is larger than 4 bytes",
    });
    expect(readTextFile(fileOf(""), 4)).toEqual({ text: "", problem: null });
  });

  it("that is invalid says why", () => {
    expect(readTextFile(fileOf(new Uint8Array([0xff])), 9).problem).toBe("is not UTF-8 text");
    expect(readTextFile(join(folder, "nowhere"), 9).problem).toBe("cannot be read (ENOENT)");
    expect(readTextFile("a\0b", 9).problem).toBe("cannot be read (ERR_INVALID_ARG_VALUE)");
    expect(readTextFile(folder, 9).problem).toBe("is a folder instead of a file");
  });

  it.skipIf(process.platform === "win32")("is no device, which may never end", () => {
    expect(readTextFile("/dev/zero", 9).problem).toBe("is a device or socket instead of a file");
  });

  it.skipIf(process.platform === "win32")(
    "is not a pipe without a writer, or one whose writer sends nothing",
    () => {
      const pipe = join(folder, "pipe");
      execFileSync("mkfifo", [pipe]);
      expect(readTextFile(pipe, 9).problem).toBe("is a pipe with no writer");
      const writer = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
      writeSync(writer, "half a te");
      expect(readTextFile(pipe, 90, { pipeTimeoutMs: 30 }).problem).toBe(
        "is a pipe that delivered no data for 30 ms",
      );
      closeSync(writer);
    },
  );

  it.skipIf(process.platform === "win32")(
    "may be a pipe, which passes less at a time: its writer is waited for",
    async () => {
      const pipe = join(folder, "slow");
      execFileSync("mkfifo", [pipe]);
      // Opened for both, so that there is a writer before there is a reader.
      const writer = spawn("sh", [
        "-c",
        'exec 3<>"$1"; echo open; head -c 300000 /dev/zero | tr "\\0" x >&3',
        "sh",
        pipe,
      ]);
      await once(writer.stdout, "data");
      expect(readTextFile(pipe, 1_000_000)).toEqual({ text: "x".repeat(300_000), problem: null });
    },
  );

  it.skipIf(process.platform === "win32")(
    "that is a pipe does not break the lookup of packages behind symbolic links",
    () => {
      for (const name of ["before", "after"]) {
        mkdirSync(join(folder, "store", name), { recursive: true });
        mkdirSync(join(folder, "node_modules"), { recursive: true });
        writeFileSync(join(folder, "store", name, "index.js"), "");
        symlinkSync(join(folder, "store", name), join(folder, "node_modules", name));
      }
      const { resolve } = createRequire(join(folder, "application.js"));
      expect(resolve("before")).toBe(join(realpathSync(folder), "store", "before", "index.js"));
      const pipe = join(folder, "loader");
      execFileSync("mkfifo", [pipe]);
      expect(readTextFile(pipe, 9).problem).toBe("is a pipe with no writer");
      expect(resolve("after")).toBe(join(realpathSync(folder), "store", "after", "index.js"));
    },
  );

  it.skipIf(process.platform !== "linux")(
    "of /proc, whose size is 0, is read to its end and no further than the limit",
    () => {
      expect(readTextFile("/proc/self/comm", 100).text).toMatch(/\S\n$/);
      expect(readTextFile("/proc/self/maps", 100).problem).toBe("is larger than 100 bytes");
    },
  );
});
